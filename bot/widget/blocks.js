// The typed blocks of an answer, as DOM nodes and as plain text.

import { button, element } from "./dom.js";
import { link, markup, unmarked } from "./markup.js";

// Args: pressed(item, node) is called for a button; base is our own server's address.
export function rendered(block, { base, words, pressed }) {
  switch (block.type) {
    case "text":
      return [markup(block.text)];
    case "notice":
      return [element("div", { className: "notice" }, markup(block.text))];
    case "sources":
      return [sources(block)];
    case "buttons":
      return [choices(block.items, pressed)];
    case "chart":
      return [chart(block)];
    case "page":
      return page(block, base, words);
    default:
      return []; // a block of a newer server
  }
}

function sources(block) {
  const list = element("ul");
  for (const item of block.items) {
    const rest = [item.publisher, item.date].filter(Boolean).map((text) => `, ${text}`);
    list.append(element("li", {}, item.url ? link(item.title, item.url) : item.title, ...rest));
  }
  return element("details", { className: "sources" }, element("summary", {}, block.heading), list);
}

function choices(items, pressed) {
  const row = element("div", { className: "choices" });
  for (const item of items) {
    const choice = button(item.label, () => pressed(item, choice), { part: "choice", dir: "auto" });
    row.append(choice);
  }
  return row;
}

// The words beside each bar say the same, so the bar itself is for the eye alone.
function chart(block) {
  const list = element("ul");
  for (const bar of block.bars) {
    const share = Math.min(1, Math.max(0, Number(bar.share) || 0));
    const fill = element("span");
    fill.style.setProperty("inline-size", `${100 * share}%`);
    list.append(
      element(
        "li",
        {},
        element("span", { className: "row" }, element("span", {}, bar.label), element("span", {}, bar.level)),
        element("span", { className: "bar", "aria-hidden": "true" }, fill),
      ),
    );
  }
  return element("figure", { className: "chart" }, element("figcaption", {}, block.title), list);
}

function page(block, base, words) {
  const url = new URL(block.path.replace(/^\/+/, ""), base);
  if (url.origin !== new URL(base).origin || !/^https?:$/.test(url.protocol)) return [];
  const opened = { href: url.href, target: "_blank", rel: "noopener", className: "page" };
  const hint = element("span", { className: "hidden" }, ` ${words.opens}`);
  return [element("p", {}, element("a", opened, block.label, hint))];
}

export function asText(block) {
  switch (block.type) {
    case "text":
    case "notice":
      return unmarked(block.text);
    case "sources":
      return [block.heading, ...block.items.map(sourceLine)].join("\n");
    case "chart":
      return [block.title, ...block.bars.map((bar) => `- ${bar.label}: ${bar.level}`)].join("\n");
    case "page":
      return block.label;
    default:
      return "";
  }
}

function sourceLine(item) {
  return `- ${[item.title, item.publisher, item.date, item.url].filter(Boolean).join(", ")}`;
}

// All the words of an answer; `sources` leaves what stands behind them out of what is read aloud.
export function textOf(event, { sources: withSources = true } = {}) {
  const blocks = event.blocks.filter((block) => withSources || block.type !== "sources");
  return blocks.map(asText).filter(Boolean).join("\n\n");
}
