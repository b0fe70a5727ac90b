// The visitor's other tabs on this site: they share the conversation, and hear when it goes on.

const ANSWER_MS = 150;

export class Tabs {
  constructor(base) {
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(`skin-advisor ${base}`) : null;
    this.channel?.addEventListener("message", ({ data }) => {
      const lent = data.type === "who" && this.have?.();
      if (lent) this.tell("here", lent);
      else if (data.type === "here") this.lent?.(data);
      else this.hear?.(data);
    });
  }

  // Call hear() with what other tabs tell; have() gives what a new one may borrow, or null.
  listen(hear, have) {
    this.hear = hear;
    this.have = have;
  }

  tell(type, more = {}) {
    this.channel?.postMessage({ type, ...more });
  }

  // Put into `memory` what another tab has; whether one had anything.
  async borrow(memory) {
    if (!this.channel) return false;
    const lent = await new Promise((done) => {
      this.lent = done;
      setTimeout(() => done(null), ANSWER_MS);
      this.tell("who");
    });
    if (lent) for (const name of ["token", "consent"]) memory.write(name, lent[name]);
    return lent !== null;
  }
}
