// The turns on the screen, in the conversation's order. Each is there once, whoever brings it.

import { asText, rendered, textOf } from "./blocks.js";
import { button, element, icon, iconButton, ICONS } from "./dom.js";

const ALARMS = new Set(["emergency", "urgent"]);
const JUDGED = new Set(["answer", "caution", "clarify", "service", "decline", "unsure"]);

export class Log {
  // `acts` has press(item), rate(position, value) and say(text), which reads something out.
  constructor(base, words, acts) {
    this.base = base;
    this.words = words;
    this.acts = acts;
    this.node = element("div", {
      className: "log", part: "log", role: "log", tabIndex: 0, "aria-label": words.log,
      "aria-live": "off", // the panel reads each answer out, once, and nothing else
    });
    this.clear();
  }

  clear() {
    this.node.replaceChildren();
    this.byId = new Map();
    this.shown = new Set();
  }

  get isEmpty() {
    return !this.byId.size && !this.shown.size;
  }

  // Show what the visitor said, or learn where it stands in the conversation.
  visitor({ id, text, order }) {
    const known = this.byId.get(id);
    if (known) {
      if (order < known.order) this.place(known, order);
      return known;
    }
    if (text === undefined) return null; // it was cleared away meanwhile
    const turn = this.turn("visitor", this.words.you);
    turn.said = text;
    turn.append(element("p", { dir: "auto" }, text));
    this.byId.set(id, turn);
    this.place(turn, order);
    if (order !== Infinity) this.used(turn, text);
    return turn;
  }

  // Show an answer; null for one that is there already.
  answer(event, { order }) {
    if (event.position && this.shown.has(event.position)) return null;
    if (event.position) this.shown.add(event.position);
    const turn = this.turn("advisor", this.words.advisor);
    const alarm = ALARMS.has(event.kind);
    turn.said = event.blocks.map(asText).filter(Boolean).join("\n\n");
    turn.once = event.kind === "screening"; // one answer to a question; other choices can be gone through
    if (alarm) turn.append(this.alarm(event.kind));
    const context = {
      base: this.base,
      words: this.words,
      pressed: (item, choice) => this.pressed(turn, item, choice),
    };
    const body = element("div", { className: "body", dir: "auto" });
    for (const block of event.blocks) body.append(...rendered(block, context));
    turn.append(body);
    if (alarm) turn.classList.add(event.kind);
    if (event.position && JUDGED.has(event.kind)) turn.append(this.tools(event));
    this.place(turn, order);
    return turn;
  }

  // Words of the widget's own, in the place of a turn.
  aside(text, order, ...more) {
    const turn = this.turn("advisor", this.words.advisor);
    turn.said = text;
    turn.append(element("div", { className: "body" }, element("p", { dir: "auto" }, text)), ...more);
    this.place(turn, order);
    return turn;
  }

  failed(message, again) {
    const turn = this.byId.get(message.id);
    if (!turn) return;
    const gone = () => {
      turn.remove();
      this.byId.delete(message.id);
    };
    turn.classList.add("failed");
    turn.append(
      element("p", { className: "trouble" }, this.words.refused),
      button(this.words.again, () => (gone(), again()), { className: "quiet" }),
      button(this.words.discard, gone, { className: "quiet" }),
    );
  }

  turn(from, label) {
    const hidden = element("span", { className: "hidden" }, label);
    return element("div", { className: `turn ${from}`, part: `message ${from}` }, hidden);
  }

  // From the end, because that is where nearly everything goes.
  place(turn, order) {
    turn.order = order;
    let before = this.node.lastElementChild;
    while (before && (before === turn || !(before.order <= order))) before = before.previousElementSibling;
    if (before ? before.nextElementSibling !== turn : this.node.firstElementChild !== turn) {
      if (before) before.after(turn);
      else this.node.prepend(turn);
    }
  }

  alarm(kind) {
    const { words } = this;
    const emergency = kind === "emergency";
    const number = emergency ? words.tel_emergency : words.tel_clinic;
    const label = emergency ? words.call_emergency : words.call_clinic;
    const head = element("div", { className: "alarm" });
    const title = emergency ? words.emergency_heading : words.urgent_heading;
    head.append(element("strong", {}, icon(ICONS.alert), title));
    if (number) {
      const call = { className: "call", href: `tel:${number}`, part: "call" };
      head.append(element("a", call, icon(ICONS.phone), label));
    }
    return head;
  }

  pressed(turn, item, choice) {
    if (choice.getAttribute("aria-disabled")) return;
    this.spend(turn, choice);
    this.acts.press(item);
  }

  // A used button stays where it was, says so, and does nothing more. It keeps the focus.
  spend(turn, choice) {
    const row = turn.once ? turn.querySelectorAll(".choices button") : [choice];
    for (const spent of row) spent.setAttribute("aria-disabled", "true");
    choice.classList.add("chosen");
    choice.append(element("span", { className: "hidden" }, ` ${this.words.chosen}`));
  }

  // After a reload: which button the visitor's words came from.
  used(turn, text) {
    for (let at = turn.previousElementSibling; at; at = at.previousElementSibling) {
      const choices = at.querySelectorAll(".choices button:not([aria-disabled])");
      const choice = [...choices].find((one) => one.textContent === text);
      if (choice) return this.spend(at, choice);
      if (choices.length) return undefined;
    }
    return undefined;
  }

  tools(event) {
    const { words, acts } = this;
    const tools = element("div", { className: "tools" });
    if (navigator.clipboard) {
      const copy = async () => {
        await navigator.clipboard.writeText(textOf(event)).then(
          () => acts.say(words.copied),
          () => {},
        );
      };
      tools.append(iconButton(words.copy, ICONS.copy, copy));
    }
    const thumbs = ["up", "down"].map((value) =>
      iconButton(words[value], ICONS[value], () => judge(value), { part: `thumb ${value}` }),
    );
    const show = (value) => {
      thumbs.forEach((thumb, n) => thumb.setAttribute("aria-pressed", String(value === ["up", "down"][n])));
    };
    let rated = event.rated ?? null;
    show(rated);
    const judge = async (value) => {
      const before = rated;
      rated = rated === value ? null : value;
      show(rated);
      try {
        await acts.rate(event.position, rated);
        if (rated) acts.say(words.thanks);
      } catch {
        show((rated = before));
        acts.say(words.unsaved);
      }
    };
    tools.append(...thumbs);
    return tools;
  }

  // The whole conversation as plain text.
  get text() {
    const { you, advisor } = this.words;
    const turns = [...this.node.children].filter((turn) => turn.said !== undefined);
    return turns
      .map((turn) => `${turn.classList.contains("visitor") ? you : advisor} ${turn.said}`)
      .join("\n\n");
  }
}
