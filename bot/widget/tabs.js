// The visitor's other tabs on this site: they share the conversation, and hear when it goes on.

const ANSWER_MS = 200;

export class Tabs {
  // Args: hear is called with each message from another tab; have() gives what a new tab may borrow.
  constructor(base, hear, have) {
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(`skin-advisor ${base}`) : null;
    this.channel?.addEventListener("message", ({ data }) => {
      if (data.type === "who") {
        const mine = have();
        if (mine) this.tell("here", mine);
      } else if (data.type === "here") {
        this.lent?.(data);
      } else {
        hear(data);
      }
    });
  }

  tell(type, more = {}) {
    this.channel?.postMessage({ type, ...more });
  }

  // What another tab has, or null.
  borrow() {
    if (!this.channel) return Promise.resolve(null);
    return new Promise((done) => {
      this.lent = done;
      setTimeout(() => done(null), ANSWER_MS);
      this.tell("who");
    });
  }
}
