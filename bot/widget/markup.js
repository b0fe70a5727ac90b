// The tiny markup of answers, as DOM nodes: paragraphs, "- " lists, **bold**, [label](link).

import { element } from "./dom.js";

const INLINE =
  /\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^()\s]+)\)|(https:\/\/[^\s<>"()]*[^\s<>"().,;:!?])/g;
const SCHEMES = new Set(["https:", "tel:", "mailto:"]);

export function markup(text) {
  const nodes = document.createDocumentFragment();
  for (const part of text.split(/\n{2,}/)) {
    let list = null;
    let lines = [];
    const flush = () => {
      if (lines.length) nodes.append(fill(element("p"), lines.join("\n")));
      lines = [];
    };
    for (const line of part.split("\n")) {
      if (/^[-*] /.test(line)) {
        flush();
        if (!list) nodes.append((list = element("ul")));
        list.append(fill(element("li"), line.slice(2)));
      } else if (line.trim()) {
        list = null;
        lines.push(line);
      }
    }
    flush();
  }
  return nodes;
}

// A link, or only its label where the address could do anything but open a page, ring or write.
export function link(label, href, properties = {}) {
  let url = null;
  try {
    url = new URL(href);
  } catch {
    // no whole address: its label is shown as text
  }
  if (!url || !SCHEMES.has(url.protocol)) return document.createTextNode(label);
  const elsewhere = url.protocol === "https:" ? { target: "_blank", rel: "noopener noreferrer" } : {};
  return element("a", { href: url.href, ...elsewhere, ...properties }, label);
}

// The same words for a text file: without the stars, and a link's address after its label.
export function unmarked(text) {
  return text.replace(INLINE, (all, bold, label, href) => bold ?? (label ? `${label} (${href})` : all));
}

function fill(parent, text) {
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    const [all, bold, label, href, bare] = found;
    parent.append(text.slice(at, found.index));
    if (bold !== undefined) parent.append(element("strong", {}, bold));
    else parent.append(link(label ?? bare, href ?? bare));
    at = found.index + all.length;
  }
  parent.append(text.slice(at));
  return parent;
}
