// Makes elements. Words only ever become text nodes, so nothing that is said can become an element.

const SVG = "http://www.w3.org/2000/svg";

export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name === "className" ? "class" : name, value);
  }
  node.append(...children);
  return node;
}

export function button(label, press, properties = {}) {
  return element("button", { type: "button", onclick: press, ...properties }, label);
}

// A button that shows a drawing; its name is for those who do not see it, and in its tooltip.
export function iconButton(name, path, press, properties = {}) {
  return button(icon(path), press, { "aria-label": name, title: name, className: "icon", ...properties });
}

export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export const ICONS = {
  close: "M6 6l12 12M18 6L6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M5 12h14M13 6l6 6-6 6",
  copy: "M9 9h10v11H9zM5 15V4h10",
  up: "M7 11v9H4v-9zM7 11l4-7c1.5 0 2.5 1 2 3l-.6 3H18c1.5 0 2.3 1 2 2.3l-1.3 6c-.3 1-1 1.7-2.2 1.7H7",
  down: "M17 13V4h3v9zM17 13l-4 7c-1.5 0-2.5-1-2-3l.6-3H6c-1.5 0-2.3-1-2-2.3l1.3-6C5.6 4.7 6.3 4 7.5 4H17",
  alert: "M12 3l10 18H2zM12 10v5M12 18h.01",
  phone: "M6 3h4l2 5-3 2c1 2 3 4 5 5l2-3 5 2v4c0 1-1 2-2 2C11 20 4 13 4 5c0-1 1-2 2-2z",
};
