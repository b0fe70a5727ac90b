// Where the visitor writes. What is being written survives a reload.

import { element, icon, ICONS } from "./dom.js";

const MAX_BYTES = 12_000; // the server reads 16 kB at once

export function composer(words, memory, send) {
  const field = element("textarea", {
    id: "field", part: "field", rows: "1", dir: "auto", autocomplete: "off",
    enterkeyhint: "send", placeholder: words.placeholder,
  });
  const label = element("label", { className: "hidden", for: "field" }, words.field);
  const warning = element("p", { className: "trouble", role: "alert" });
  const submit = element(
    "button",
    { type: "submit", className: "send", part: "send", "aria-label": words.send, title: words.send },
    icon(ICONS.send),
  );
  const node = element("form", { className: "composer", part: "composer" }, warning, label, field, submit);
  field.value = memory.read("draft") ?? "";
  const keep = () => memory.write("draft", field.value || null);
  field.addEventListener("input", keep);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    node.requestSubmit();
  });
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value;
    const tooLong = new TextEncoder().encode(JSON.stringify(text)).length > MAX_BYTES;
    warning.textContent = tooLong ? words.too_long : "";
    if (tooLong || !text.trim()) return;
    send(text);
    field.value = "";
    keep();
  });
  return { node, field };
}
