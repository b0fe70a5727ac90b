// What this browser remembers. It ends with the tab, unless the visitor wants it kept on the device;
// then the token is, and nothing that was said. Where the browser keeps nothing, the page does.

const PREFIX = "skin-advisor:";
const LASTING = ["token", "consent"];

export class Memory {
  constructor() {
    this.page = new Map();
    this.tab = storage("sessionStorage");
    this.device = storage("localStorage");
  }

  read(name) {
    const raw = this.tab?.getItem(PREFIX + name) ?? this.device?.getItem(PREFIX + name) ?? this.page.get(name);
    try {
      return raw === undefined || raw === null ? null : JSON.parse(raw);
    } catch {
      return null; // somebody else's
    }
  }

  write(name, value) {
    const empty = value === null || (Array.isArray(value) && !value.length);
    const raw = empty ? null : JSON.stringify(value);
    this.page.set(name, raw);
    put(this.tab, name, raw);
    if (LASTING.includes(name) && (this.remembers || empty)) put(this.device, name, raw);
  }

  get remembers() {
    return this.device?.getItem(PREFIX + "remember") === "true";
  }

  set remembers(wanted) {
    put(this.device, "remember", wanted ? "true" : null);
    for (const name of LASTING) put(this.device, name, wanted ? (this.tab?.getItem(PREFIX + name) ?? null) : null);
  }

  get canRemember() {
    return this.device !== null;
  }

  forget(names) {
    for (const name of names) this.write(name, null);
  }
}

function storage(name) {
  try {
    const area = window[name];
    area.setItem(`${PREFIX}probe`, "1");
    area.removeItem(`${PREFIX}probe`);
    return area;
  } catch {
    return null; // blocked, or full
  }
}

function put(area, name, raw) {
  try {
    if (raw === null) area?.removeItem(PREFIX + name);
    else area?.setItem(PREFIX + name, raw);
  } catch {
    // full: the page itself still has it
  }
}
