// The launcher: one button in a shadow root. What is behind it is fetched when it is pressed, or
// at once where a chat was open, or a message was still to be sent, before a reload.
(() => {
  const WORDS = "LABELS"; // the server puts them here
  const NAME = "skin-advisor";
  const script = document.currentScript;
  const base = new URL(".", script.src).href;
  const BUBBLE =
    "M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
section { all: initial; font: medium/1.5 var(--advisor-font, system-ui, sans-serif); }
[hidden] { display: none !important; }
.launcher { position: fixed; z-index: 2147483000; inset-block-end: calc(1em + env(safe-area-inset-bottom));
  inset-inline-end: 1em; display: flex; align-items: center; gap: .6em; min-height: 3.5em; min-width: 3.5em;
  justify-content: center; padding: 0 1.35em 0 1.15em; border: 2px solid #fff; border-radius: 2em; cursor: pointer;
  font: inherit; font-weight: 600; color: var(--advisor-on-accent, #fff);
  background: var(--advisor-accent, #1f5d57); box-shadow: 0 4px 18px #0005; }
.launcher:hover { filter: brightness(1.08); }
.launcher:focus-visible { outline: 3px solid #1667c7; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
.launcher svg { width: 1.5em; height: 1.5em; fill: currentColor; flex: none; }
.launcher[data-unread]::after { content: ""; position: absolute; inset: 0 0 auto auto; width: .9em;
  height: .9em; border-radius: 50%; background: #b3261e; border: 2px solid #fff; }
.unavailable { position: fixed; z-index: 2147483000; inset-block-end: 5.5em; inset-inline-end: 1em; max-width: 17em;
  margin: 0; padding: .8em 1em; border: 1px solid #b3261e; border-radius: .6em; color: #1d2a2a; background: #fff; }
:host([data-position=left]) :is(.launcher, .unavailable) { left: 1em; right: auto; }
:host([data-position=right]) :is(.launcher, .unavailable) { right: 1em; left: auto; }
@media (max-width: 480px) { .launcher { padding: 0; } .launcher span { position: absolute; width: 1px;
  height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; } }
@media print { :host { display: none; } }`);

  const kept = (name) => {
    try {
      return sessionStorage.getItem(`${NAME}:${name}`);
    } catch {
      return null; // the browser keeps nothing for this page
    }
  };

  // Black or white, whichever is easier to read on a colour; undefined for what is no colour.
  const readableOn = (colour) => {
    const context = document.createElement("canvas").getContext("2d");
    context.fillStyle = colour;
    const parts = /^#(..)(..)(..)$/.exec(context.fillStyle);
    if (!parts || !CSS.supports("color", colour)) return undefined;
    const [r, g, b] = parts.slice(1).map((hex) => {
      const c = parseInt(hex, 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
  };

  customElements.define(
    NAME,
    class extends HTMLElement {
      connectedCallback() {
        if (this.shadowRoot) return;
        const root = this.attachShadow({ mode: "open" });
        root.adoptedStyleSheets = [sheet];
        const title = this.dataset.title || WORDS.title;
        this.region = document.createElement("section");
        this.region.setAttribute("aria-label", title);
        if (this.dataset.dir) this.region.dir = this.dataset.dir;
        this.launcher = document.createElement("button");
        this.launcher.type = "button";
        this.launcher.className = "launcher";
        this.launcher.setAttribute("part", "launcher");
        this.launcher.setAttribute("aria-label", `${title}: ${WORDS.open}`);
        this.launcher.setAttribute("aria-haspopup", "dialog");
        const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
        icon.setAttribute("viewBox", "0 0 24 24");
        icon.setAttribute("aria-hidden", "true");
        const path = document.createElementNS(icon.namespaceURI, "path");
        path.setAttribute("d", BUBBLE);
        icon.append(path);
        const label = document.createElement("span");
        label.textContent = title;
        this.launcher.append(icon, label);
        this.launcher.addEventListener("click", () => this.open());
        this.region.append(this.launcher);
        root.append(this.region);
        const onAccent = this.dataset.color && readableOn(this.dataset.color);
        if (onAccent) {
          this.style.setProperty("--advisor-accent", this.dataset.color);
          this.style.setProperty("--advisor-on-accent", onAccent);
        }
        if (kept("open")) this.open({ quietly: true });
        else if (kept("outbox")) this.panel();
      }

      // The chat itself, fetched once.
      panel() {
        this.loading ??= import(`${base}widget/panel.js`)
          .then((module) => module.mount(this, base, WORDS))
          .catch(() => {
            this.loading = undefined;
            this.unavailable();
          });
        return this.loading;
      }

      async open(how) {
        this.launcher.setAttribute("aria-busy", "true");
        (await this.panel())?.open(how);
        this.launcher.removeAttribute("aria-busy");
      }

      async close() {
        (await this.loading)?.close();
      }

      unavailable() {
        if (!this.note) {
          this.note = document.createElement("p");
          this.note.className = "unavailable";
          this.note.setAttribute("role", "alert");
          this.region.append(this.note);
        }
        this.note.textContent = WORDS.unavailable;
      }
    },
  );

  let element = document.querySelector(NAME);
  if (!element) {
    element = document.createElement(NAME);
    Object.assign(element.dataset, script.dataset);
    document.body.append(element);
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(`a[href="#${NAME}"]`);
    if (!link) return;
    event.preventDefault();
    element.open();
  });
})();
