// The conversation: what is sent, in order and until it has arrived; and what comes back.
//
// Each message is kept before it is sent and has an id of its own, under which the server answers it
// once, however often it comes. The server has the conversation; this only knows how far it has read.

import { Road } from "./road.js";

const PAUSES_MS = [300, 1000, 2000, 4000, 8000];
const TROUBLE_AFTER = 2; // failures in a row before the visitor is told, when the browser is online
const KEPT_ASIDES = 30;
const OF_A_CONVERSATION = ["token", "outbox", "asides"];

export class Talk {
  // `view` shows: visitor, answer, arrived, typing, trouble, failed, clear, ended, and batch.
  constructor(base, memory, tabs, view) {
    this.memory = memory;
    this.tabs = tabs;
    this.view = view;
    this.after = 0; // the position up to which everything is shown
    this.epoch = 0; // of the conversation: answers to an earlier one are not shown
    this.failures = 0;
    this.asides = 0;
    tabs.listen((message) => this.hear(message), () => this.lendable());
    this.road = new Road(base, memory, {
      borrow: () => tabs.borrow(memory),
      lost: () => this.lost(),
      made: (token) => tabs.tell("made", { token }),
    });
    addEventListener("online", () => this.hurry());
    addEventListener("offline", () => this.view.trouble(this.outbox.length ? "offline" : null));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.hurry();
    });
  }

  get outbox() {
    return this.memory.read("outbox") ?? [];
  }

  set outbox(messages) {
    this.memory.write("outbox", messages);
  }

  // Show what was said before this page was loaded, and go on with what was not answered.
  async restore() {
    for (const message of this.outbox) this.showPending(message);
    this.flush();
    await this.catchUp();
    for (const { id, text, event, after } of this.memory.read("asides") ?? []) {
      this.view.visitor({ id, text, order: this.aside(after) });
      this.view.answer({ ...event, position: null }, { order: this.aside(after), quietly: true });
    }
  }

  // Read the conversation from its beginning, however long the connection takes.
  async catchUp() {
    for (let pause = 0; this.road.token && !this.caughtUp; pause = 3000) {
      if (pause) await new Promise((done) => setTimeout(done, pause));
      await this.pull().catch(() => this.view.trouble("loading"));
    }
    this.caughtUp = true;
    if (!this.failures) this.view.trouble(null);
  }

  send(content, shown) {
    const message = { id: newId(), shown, ...content };
    this.outbox = [...this.outbox, message];
    this.showPending(message);
    this.flush();
    return message.id;
  }

  async flush() {
    if (this.flushing) return;
    this.flushing = true;
    for (let [message] = this.outbox; message; [message] = this.outbox) {
      this.view.typing(true);
      await this.deliver(message);
    }
    this.view.typing(false);
    this.flushing = false;
  }

  async deliver(message) {
    const { id, text, button } = message;
    const wanted = () => this.outbox.some((kept) => kept.id === id); // not restarted meanwhile
    try {
      const result = await this.road.ask("POST", "/messages", button ? { id, button } : { id, text });
      this.failures = 0;
      this.view.trouble(null);
      // Shown and kept first, then no longer to be sent: a reload in between only sends it again.
      if (wanted()) this.settle(message, result);
      this.remove(id);
    } catch (error) {
      if (!wanted()) return;
      if (error.status && !error.passes && error.status !== 401) {
        this.remove(id);
        this.view.trouble(null);
        this.view.failed(message);
        return;
      }
      await this.rest(error);
    }
  }

  settle({ id, shown }, { events, recorded, erased }) {
    if (erased) {
      this.restart();
      for (const event of events) this.view.answer(event, { order: this.aside(0) });
      return;
    }
    for (const event of events) {
      if (recorded && event.position) {
        this.view.arrived(id, event.position - 1);
        this.view.answer(event, { order: event.position });
        if (this.after === event.position - 2) this.after = event.position;
        else this.pull().catch(() => {});
      } else {
        this.view.arrived(id, this.aside(this.after));
        this.view.answer({ ...event, position: null }, { order: this.aside(this.after) });
        const kept = [...(this.memory.read("asides") ?? []), { id, text: shown, event, after: this.after }];
        this.memory.write("asides", kept.slice(-KEPT_ASIDES));
      }
    }
    this.tell("said");
  }

  // Wait before the next attempt; less when there is reason to think that it will work.
  async rest(error) {
    const pause = PAUSES_MS[Math.min(this.failures, PAUSES_MS.length - 1)];
    this.failures += 1;
    if (error.status === 429) this.view.trouble("slow");
    else if (!navigator.onLine) this.view.trouble("offline");
    else if (this.failures >= TROUBLE_AFTER) this.view.trouble("waiting");
    this.view.typing(false);
    await new Promise((done) => {
      this.hurried = done;
      setTimeout(done, Math.max(pause, Math.min(error.waitMs ?? 0, 30_000)));
    });
  }

  // Something changed for the better: send what waits, and look for what was missed.
  hurry() {
    this.hurried?.();
    this.flush();
    if (this.road.token) this.pull().catch(() => {});
  }

  // Show what the server has and this page has not; one look at a time.
  pull() {
    const looked = (this.pulling ?? Promise.resolve()).catch(() => {}).then(() => this.look());
    this.pulling = looked;
    return looked;
  }

  async look() {
    const { epoch } = this;
    const quietly = !this.caughtUp; // what was said before is shown, and not read out again
    for (let more = true; more; ) {
      const page = await this.road.ask("GET", `/events?after=${this.after}`);
      if (epoch !== this.epoch) return;
      this.view.batch(() => {
        for (const event of page.events) {
          if (event.from === "visitor") this.view.visitor({ ...event, order: event.position });
          else this.view.answer(event, { order: event.position, quietly });
        }
      });
      this.after = Math.max(this.after, page.next);
      ({ more } = page);
    }
    this.caughtUp = true;
  }

  rate(position, value) {
    return this.road.ask("POST", "/feedback", { position, value });
  }

  // Leave the conversation to its end on the server, and begin a new one with the next message.
  restart() {
    this.tell("gone");
    this.reset();
  }

  async erase() {
    if (this.road.token) await this.road.ask("DELETE", "/conversation");
    this.restart();
  }

  reset() {
    this.epoch += 1;
    this.after = 0;
    this.memory.forget(OF_A_CONVERSATION);
    this.view.clear();
    this.view.trouble(null);
  }

  // The server knows the conversation no longer. What is not sent yet begins the next one.
  lost() {
    const { outbox } = this;
    const shown = this.after > 0;
    this.reset();
    this.outbox = outbox;
    for (const message of outbox) this.showPending(message);
    if (shown) this.view.ended();
  }

  hear(message) {
    const ours = this.road.token && message.conversation === this.conversation;
    if (message.type === "said" && ours) this.pull().catch(() => {});
    if (message.type === "gone" && ours) this.reset();
    if (message.type === "made" && !this.road.token) this.memory.write("token", message.token);
  }

  tell(type) {
    this.tabs.tell(type, { conversation: this.conversation });
  }

  get conversation() {
    return String(this.memory.read("token")).split(".")[0];
  }

  lendable() {
    const { token } = this.road;
    return token && { token, consent: this.memory.read("consent") };
  }

  remove(id) {
    this.outbox = this.outbox.filter((message) => message.id !== id);
  }

  showPending({ id, shown }) {
    this.view.visitor({ id, text: shown, order: Infinity });
  }

  // A place after a position, and after what was put there before.
  aside(after) {
    this.asides += 1;
    return after + 0.5 + this.asides / 1e6;
  }
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
