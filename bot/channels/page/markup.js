// The tiny markup of answers, as DOM nodes: paragraphs, "- " lists, **bold**, [label](link).
// Text only ever becomes text nodes, so nothing a server sends can become an element of its own.

const INLINE = /\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^()\s]+)\)/g;
const SCHEMES = new Set(["https:", "tel:", "mailto:"]);

export function markup(text) {
  const nodes = document.createDocumentFragment();
  for (const part of text.split(/\n{2,}/)) {
    let list = null;
    let lines = [];
    const flush = () => {
      if (lines.length) nodes.append(fill(document.createElement("p"), lines.join("\n")));
      lines = [];
    };
    for (const line of part.split("\n")) {
      if (/^[-*] /.test(line)) {
        flush();
        if (!list) nodes.append((list = document.createElement("ul")));
        list.append(fill(document.createElement("li"), line.slice(2)));
      } else if (line.trim()) {
        list = null;
        lines.push(line);
      }
    }
    flush();
  }
  return nodes;
}

export function link(label, href) {
  let url = null;
  try {
    url = new URL(href);
  } catch {
    // no address: its label is shown as text
  }
  if (!url || !SCHEMES.has(url.protocol)) return document.createTextNode(label);
  const anchor = document.createElement("a");
  anchor.textContent = label;
  anchor.href = url.href;
  if (url.protocol === "https:") {
    anchor.target = "_blank";
    anchor.rel = "noopener noreferrer";
  }
  return anchor;
}

function fill(parent, text) {
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    parent.append(text.slice(at, found.index));
    if (found[1] !== undefined) {
      const strong = document.createElement("strong");
      strong.textContent = found[1];
      parent.append(strong);
    } else {
      parent.append(link(found[2], found[3]));
    }
    at = found.index + found[0].length;
  }
  parent.append(text.slice(at));
  return parent;
}
