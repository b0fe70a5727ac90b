// The plain page: one log, one form. It keeps nothing but the token; the server has the conversation.

import { link, markup } from "/markup.js";

const ROAD = "/webhooks/web";
const KEY = "advisor-token";
const RETRIES_MS = [0, 1000, 3000];

const byId = (id) => document.getElementById(id);
const log = byId("log");
const form = byId("form");
const field = byId("text");
const words = Object.fromEntries(
  [...byId("words").content.children].map((node) => [node.dataset.name, node.textContent]),
);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

// --- the server -------------------------------------------------------------------------------

async function token() {
  const kept = sessionStorage.getItem(KEY);
  if (kept) return kept;
  const response = await fetch(`${ROAD}/session`, { method: "POST" });
  if (!response.ok) throw await refusal(response);
  const made = (await response.json()).token;
  sessionStorage.setItem(KEY, made);
  return made;
}

async function refusal(response) {
  const body = await response.json().catch(() => ({}));
  const error = new Error(body.error ?? "failed");
  error.status = response.status;
  error.hint = body.hint;
  error.waitMs = 1000 * Number(response.headers.get("Retry-After") ?? 0);
  return error;
}

async function ask(method, path, body) {
  for (let renewed = false; ; renewed = true) {
    const headers = { Authorization: `Bearer ${await token()}` };
    if (body) headers["Content-Type"] = "application/json";
    const response = await fetch(ROAD + path, { method, headers, body: body && JSON.stringify(body) });
    if (response.ok) return response.json();
    if (response.status !== 401 || renewed) throw await refusal(response);
    sessionStorage.removeItem(KEY); // expired: a new conversation
  }
}

// The same id each time: the server answers a message once, however often it arrives.
async function deliver(message) {
  let last;
  for (const ms of RETRIES_MS) {
    await pause(ms);
    try {
      return await ask("POST", "/messages", message);
    } catch (error) {
      last = error;
      if (error.status && error.status < 500) throw error;
    }
  }
  throw last;
}

function messageId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// --- the log ----------------------------------------------------------------------------------

function append(node) {
  log.append(node);
  log.scrollTop = log.scrollHeight;
  return node;
}

function turn(from, className = "") {
  const node = element("div", `turn ${from} ${className}`);
  node.append(element("span", "spoken", words[from]));
  return node;
}

function showVisitor(text) {
  const node = turn("visitor");
  node.append(text);
  append(node);
}

function showAnswer(event) {
  const node = turn("advisor", /^[a-z]+$/.test(event.kind) ? event.kind : "");
  for (const block of event.blocks) node.append(...rendered(block));
  append(node);
}

function rendered(block) {
  switch (block.type) {
    case "text":
      return [markup(block.text)];
    case "notice": {
      const notice = element("div", "notice");
      notice.append(markup(block.text));
      return [notice];
    }
    case "sources":
      return [sources(block)];
    case "buttons":
      return [choices(block.items)];
    case "chart":
      return [chart(block)];
    case "page":
      return [page(block)];
    default:
      return []; // a block of a newer server
  }
}

function sources(block) {
  const details = element("details");
  details.append(element("summary", "", block.heading));
  const list = element("ul");
  for (const item of block.items) {
    const line = element("li");
    line.append(item.url ? link(item.title, item.url) : item.title);
    const rest = [item.publisher, item.date].filter(Boolean).join(", ");
    if (rest) line.append(`, ${rest}`);
    list.append(line);
  }
  details.append(list);
  return details;
}

// The words carry all; the bar beside them is for the eye alone.
function chart(block) {
  const figure = element("figure", "chart");
  figure.append(element("figcaption", "", block.title));
  const list = element("ul");
  for (const item of block.bars) {
    const row = element("li");
    const track = element("span", "track");
    track.setAttribute("aria-hidden", "true");
    const bar = element("span", "bar");
    bar.style.width = `${100 * Math.min(1, Math.max(0, item.share))}%`;
    track.append(bar);
    row.append(element("span", "", `${item.label}: ${item.level}`), track);
    list.append(row);
  }
  figure.append(list);
  return figure;
}

function page(block) {
  const anchor = element("a", "", block.label);
  if (/^\/summary\/[\w.-]+$/.test(block.path)) anchor.href = block.path;
  anchor.target = "_blank";
  anchor.rel = "noopener";
  const line = element("p");
  line.append(anchor);
  return line;
}

function choices(items) {
  const row = element("div", "choices");
  for (const item of items) {
    const button = element("button", "", item.label);
    button.type = "button";
    button.addEventListener("click", () => send({ button: item.id }, item.label));
    row.append(button);
  }
  return row;
}

function showFailure(message, error) {
  const node = turn("advisor");
  node.append(element("p", "", error.status && error.hint ? error.hint : words.offline));
  const again = element("button", "", words.again);
  again.type = "button";
  again.addEventListener("click", async () => {
    node.remove();
    field.focus();
    await exchange(message);
  });
  node.append(again);
  append(node);
}

// --- the visitor ------------------------------------------------------------------------------

let queue = Promise.resolve(); // one message at a time, in order

function send(content, shown) {
  showVisitor(shown);
  const message = { id: messageId(), ...content };
  queue = queue.then(() => exchange(message));
}

async function exchange(message) {
  byId("status").textContent = words.waiting;
  try {
    const { events, erased } = await deliver(message);
    if (erased) sessionStorage.removeItem(KEY);
    if (erased) log.replaceChildren();
    events.forEach(showAnswer);
  } catch (error) {
    showFailure(message, error);
  } finally {
    byId("status").textContent = "";
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!field.value.trim()) return;
  send({ text: field.value }, field.value);
  field.value = "";
  field.focus();
});

field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

byId("erase").addEventListener("click", async () => {
  if (!confirm(words.confirm)) return;
  try {
    if (sessionStorage.getItem(KEY)) await ask("DELETE", "/conversation");
    sessionStorage.removeItem(KEY);
    log.replaceChildren();
    byId("status").textContent = words.erased;
  } catch {
    byId("status").textContent = words.kept;
  }
  field.focus();
});

async function restore() {
  if (!sessionStorage.getItem(KEY)) return;
  log.setAttribute("aria-live", "off"); // a screen reader does not read it all again
  try {
    for (let next = 0, more = true; more; ) {
      const page = await ask("GET", `/events?after=${next}`);
      for (const event of page.events) {
        if (event.from === "visitor") showVisitor(event.text);
        else showAnswer(event);
      }
      ({ next, more } = page);
    }
  } catch {
    // what was said stays on the server; one can go on writing
  } finally {
    log.removeAttribute("aria-live");
  }
}

await restore();
if (!log.childElementCount) append(turn("advisor")).append(element("p", "", words.welcome));
