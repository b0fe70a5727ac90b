// The editing page while one types: problems at their lines, and the reply. All else works without it.

const form = document.getElementById("edit");
const field = document.getElementById("text");
const gutter = document.getElementById("gutter");
const proof = document.getElementById("proof");
const status = document.getElementById("status");
const PAUSE_MS = 500;

let timer = 0;
let request = null;
let changed = false;

function numberLines() {
  const marks = new Map();
  for (const link of proof.querySelectorAll("[data-line]")) {
    const line = Number(link.dataset.line);
    if (marks.get(line) !== "bad") marks.set(line, link.dataset.severity === "error" ? "bad" : "warn");
  }
  const rows = field.value.split("\n").map((_, index) => {
    const row = document.createElement("div");
    row.textContent = index + 1;
    const mark = marks.get(index + 1);
    if (mark) row.className = mark;
    return row;
  });
  gutter.replaceChildren(...rows);
  gutter.style.height = `${field.clientHeight}px`;
  gutter.scrollTop = field.scrollTop;
}

async function look() {
  request?.abort();
  request = new AbortController();
  try {
    const response = await fetch("/staff/preview", {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      signal: request.signal,
      redirect: "error", // logged out: the log-in page is no preview
    });
    if (!response.ok) throw new Error(response.status);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    proof.replaceChildren(...page.body.childNodes);
    status.textContent = proof.querySelector("[data-summary]")?.textContent.trim() ?? "";
    numberLines();
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = "It cannot be checked just now. Your text is still here.";
  }
}

function later() {
  changed = true;
  numberLines();
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE_MS);
}

form.addEventListener("input", later);
form.addEventListener("submit", () => (changed = false));
field.addEventListener("scroll", () => (gutter.scrollTop = field.scrollTop));
new ResizeObserver(numberLines).observe(field);

proof.addEventListener("click", (event) => {
  const link = event.target.closest("[data-line]");
  if (!link) return;
  event.preventDefault();
  const lines = field.value.split("\n");
  const line = Math.min(Number(link.dataset.line), lines.length);
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  field.focus();
  field.setSelectionRange(start, start + lines[line - 1].length);
  field.scrollTop = (line - 5) * (field.scrollHeight / lines.length);
});

window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

numberLines();
