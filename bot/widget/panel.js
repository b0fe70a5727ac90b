// The chat's window: who may open it, what is announced, where the focus goes.

import { textOf } from "./blocks.js";
import { composer } from "./composer.js";
import { consent } from "./consent.js";
import { button, element, iconButton, ICONS } from "./dom.js";
import { Log } from "./log.js";
import { Memory } from "./memory.js";
import { menu, question } from "./menu.js";
import { Tabs } from "./tabs.js";
import { Talk } from "./talk.js";

const FULL = matchMedia("(max-width: 480px), (max-height: 480px)");
const SPOKEN_MS = 5000;

export async function mount(host, base, labels) {
  const memory = new Memory();
  const tabs = new Tabs(base);
  const [words, css] = await Promise.all([
    fetched(`${base}widget/words.json`).then((response) => response.json()),
    fetched(`${base}widget/panel.css`).then((response) => response.text()),
    memory.read("token") ?? tabs.borrow(memory),
  ]);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  host.shadowRoot.adoptedStyleSheets.push(sheet);
  const panel = new Panel(host, base, { ...words, ...labels }, memory, tabs);
  host.region.append(panel.node);
  return panel;
}

async function fetched(url) {
  const response = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer" });
  if (!response.ok) throw new Error(`${response.status}`);
  return response;
}

class Panel {
  constructor(host, base, words, memory, tabs) {
    this.host = host;
    this.words = words;
    this.memory = memory;
    this.log = new Log(base, words, {
      press: (item) => this.send({ button: item.id }, item.label),
      rate: (position, value) => this.talk.rate(position, value),
      say: (text) => this.say(text),
    });
    this.talk = new Talk(base, memory, tabs, this.view());
    this.build();
    this.greet();
    this.talk.restore();
    FULL.addEventListener("change", () => this.node.open && this.show());
    visualViewport?.addEventListener("resize", () => this.fit());
    visualViewport?.addEventListener("scroll", () => this.fit());
  }

  // --- what it is made of

  build() {
    const { words } = this;
    const title = this.host.dataset.title || words.title;
    this.title = element("h2", { id: "title", tabIndex: -1 }, title);
    this.menu = menu(words, this.memory, {
      save: () => this.save(title),
      restart: () => this.restart(),
      erase: () => this.erase(),
    });
    this.polite = element("div", { className: "hidden", "aria-live": "polite" });
    this.urgent = element("div", { className: "hidden", "aria-live": "assertive" });
    this.typing = element("div", { className: "typing", hidden: true, "aria-hidden": "true" });
    this.typing.append(element("i"), element("i"), element("i"));
    this.status = element("div", { className: "status", role: "status" });
    this.form = composer(words, this.memory, (text) => this.send({ text }, text));
    this.chat = element("div", { className: "chat" }, this.log.node, this.typing, this.status, this.form.node);
    this.consent = consent(words, this.host.dataset.privacy, this.memory, {
      agreed: () => this.agreed(),
      declined: () => this.close(),
    });
    const close = iconButton(words.close, ICONS.close, () => this.close(), { part: "close" });
    const header = element("header", { part: "header" }, this.title, this.menu.node, close);
    this.node = element("dialog", { className: "panel", part: "panel", "aria-labelledby": "title" });
    this.node.append(header, this.consent.node, this.chat, this.polite, this.urgent);
    this.node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      if (!this.menu.close()) this.close();
    });
    this.node.addEventListener("cancel", (event) => event.preventDefault());
  }

  view() {
    return {
      batch: (show) => this.keepingPlace(show),
      visitor: (said) => this.keepingPlace(() => this.log.visitor(said)),
      arrived: (id, order) => this.log.visitor({ id, order }),
      answer: (event, how) => this.answer(event, how),
      typing: (on) => this.keepingPlace(() => (this.typing.hidden = !on)),
      trouble: (name) => this.trouble(name),
      failed: (message) => {
        this.log.failed(message, () => this.send({ text: message.text, button: message.button }, message.shown));
        this.say(this.words.refused);
      },
      ended: () => this.log.aside(this.words.ended, 0.1),
      clear: () => {
        this.log.clear();
        this.greet();
      },
    };
  }

  // --- opening and closing

  open({ quietly = false } = {}) {
    if (this.node.open) return;
    this.before = document.activeElement;
    this.memory.write("open", true);
    const agreed = Boolean(this.memory.read("consent"));
    this.consent.node.hidden = agreed;
    this.chat.hidden = !agreed;
    this.menu.node.hidden = !agreed;
    this.show();
    this.host.launcher.hidden = true;
    delete this.host.launcher.dataset.unread;
    this.toEnd();
    if (!quietly) this.focus();
    else if (this.before !== document.body) this.before?.focus();
    else if (!FULL.matches) this.host.shadowRoot.activeElement?.blur();
  }

  // A window beside the page, or on a phone one over all of it that keeps the focus.
  show() {
    const focused = this.host.shadowRoot.activeElement;
    if (this.node.open) this.node.close();
    this.fit();
    if (FULL.matches) this.node.showModal();
    else this.node.show();
    focused?.focus();
  }

  focus() {
    if (this.chat.hidden) this.consent.heading.focus();
    else if (FULL.matches) this.title.focus();
    else this.form.field.focus();
  }

  close() {
    this.memory.write("open", null);
    this.menu.close();
    this.node.close();
    this.host.launcher.hidden = false;
    const back = this.before && this.before !== document.body && this.before !== this.host ? this.before : this.host.launcher;
    back.focus();
  }

  // Above a phone's keyboard.
  fit() {
    const { height, offsetTop } = visualViewport ?? { height: innerHeight, offsetTop: 0 };
    this.node.style.setProperty("--height", `${height}px`);
    this.node.style.setProperty("--top", `${offsetTop}px`);
  }

  agreed() {
    this.consent.node.hidden = true;
    this.chat.hidden = false;
    this.menu.node.hidden = false;
    this.focus();
  }

  // --- the conversation

  greet() {
    this.log.aside(this.host.dataset.greeting || this.words.greeting, 0);
  }

  send(content, shown) {
    const id = this.talk.send(content, shown);
    this.toEnd();
    return id;
  }

  answer(event, { order, quietly }) {
    const turn = this.keepingPlace(() => this.log.answer(event, { order }));
    if (!turn || quietly) return;
    const alarm = event.kind === "emergency" || event.kind === "urgent";
    if (this.node.open) this.say(textOf(event, { sources: false }), alarm);
    else this.host.launcher.dataset.unread = "";
  }

  // Read something out, once. It goes again, so that nobody finds it a second time below the chat.
  say(text, now = false) {
    const region = now ? this.urgent : this.polite;
    const line = element("p", {}, text);
    region.append(line);
    setTimeout(() => line.remove(), SPOKEN_MS);
  }

  trouble(name) {
    if ((this.status.dataset.name ?? null) === name) return;
    this.status.replaceChildren();
    delete this.status.dataset.name;
    if (!name) return;
    this.status.dataset.name = name;
    this.status.append(element("p", {}, this.words[name]));
    if (name === "waiting") {
      this.status.append(button(this.words.again, () => this.talk.hurry(), { className: "quiet" }));
    }
    this.toEnd();
  }

  // Let `change` add something, and follow it if the last turn was in view.
  keepingPlace(change) {
    const { node } = this.log;
    const last = node.lastElementChild;
    const follows = !last || last.getBoundingClientRect().top < node.getBoundingClientRect().bottom;
    const made = change();
    if (follows) this.toEnd();
    return made;
  }

  // To the end, but of a long answer to its beginning, which is what to read first. Over a few
  // frames, because turns get their real height only when they come into view.
  toEnd(frames = 4) {
    const { node } = this.log;
    const last = node.lastElementChild;
    if (last?.offsetHeight > node.clientHeight - 48) last.scrollIntoView();
    else node.scrollTop = node.scrollHeight;
    if (frames) requestAnimationFrame(() => this.toEnd(frames - 1));
  }

  // --- the menu

  save(title) {
    const url = URL.createObjectURL(new Blob([`${title}\n\n${this.log.text}\n`], { type: "text/plain" }));
    const day = new Date().toISOString().slice(0, 10);
    element("a", { href: url, download: `chat-${day}.txt` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  async restart() {
    const { words } = this;
    if (!(await question(this.node, words, words.restart_question, words.restart))) return;
    this.talk.restart();
    this.say(words.restarted);
    this.focus();
  }

  async erase() {
    const { words } = this;
    if (!(await question(this.node, words, words.erase_question, words.erase))) return;
    try {
      await this.talk.erase();
      this.log.aside(words.erased, 0.2);
      this.say(words.erased);
    } catch {
      this.log.aside(words.not_erased, Infinity);
      this.say(words.not_erased);
      this.toEnd();
    }
    this.focus();
  }
}
