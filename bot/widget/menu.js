// What else a visitor can do: keep the conversation, begin again, delete it.

import { button, element, iconButton, ICONS } from "./dom.js";

export function menu(words, memory, { save, restart, erase }) {
  const opener = iconButton(words.menu, ICONS.more, () => show(list.hidden), {
    "aria-expanded": "false", "aria-controls": "menu",
  });
  const doing = (act) => () => {
    show(false);
    opener.focus();
    act();
  };
  const remember = element("input", { type: "checkbox", id: "keep" });
  remember.addEventListener("change", () => (memory.remembers = remember.checked));
  const list = element(
    "div",
    { className: "menu", id: "menu", hidden: true },
    button(words.save, doing(save)),
    element("div", { className: "remember", hidden: !memory.canRemember }, remember, element("label", { for: "keep" }, words.remember)),
    button(words.restart, doing(restart)),
    button(words.erase, doing(erase), { className: "grave" }),
  );
  const node = element("div", { className: "menus" }, opener, list);
  node.addEventListener("focusout", (event) => {
    if (!node.contains(event.relatedTarget)) show(false);
  });

  function show(open) {
    remember.checked = memory.remembers;
    list.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
  }

  // Whether it was open; the focus goes back to where it was opened.
  function close() {
    if (list.hidden) return false;
    show(false);
    opener.focus();
    return true;
  }

  return { node, close };
}

// Ask before something is done that cannot be undone: whether the visitor wants it.
export function question(parent, words, text, yes) {
  const dialog = element("dialog", { className: "question", role: "alertdialog", "aria-labelledby": "question" });
  const choose = (value) => () => dialog.close(value);
  dialog.append(
    element("p", { id: "question" }, text),
    element(
      "div",
      { className: "choices" },
      button(words.cancel, choose("no"), { autofocus: true }),
      button(yes, choose("yes"), { className: "grave" }),
    ),
  );
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // Escape is its own
  parent.append(dialog);
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      done(dialog.returnValue === "yes");
    });
  });
}
