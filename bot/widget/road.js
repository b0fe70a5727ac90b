// Talks to the server: one conversation token, and errors that say whether to try again.

const TIMEOUT_MS = 15_000;

export class Refused extends Error {
  constructor(status, body, waitMs) {
    super(body.error ?? "failed");
    this.status = status;
    this.hint = body.hint;
    this.waitMs = waitMs;
  }

  // Whether the same message can be taken later on.
  get passes() {
    return this.status >= 500 || this.status === 408 || this.status === 429;
  }
}

export class Road {
  // Args: lost() is called when the server no longer knows the conversation; made() with a new token.
  constructor(base, memory, { borrow, lost, made }) {
    this.base = `${base}webhooks/web`;
    this.memory = memory;
    this.borrow = borrow;
    this.lost = lost;
    this.made = made;
  }

  get token() {
    const token = this.memory.read("token");
    const ends = Number(String(token).split(".")[1]);
    return ends * 1000 > Date.now() ? token : null;
  }

  // The conversation's token; a new conversation where there is none, in no other tab either.
  async session() {
    if (this.token) return this.token;
    this.beginning ??= this.begin().finally(() => (this.beginning = undefined));
    return this.beginning;
  }

  async begin() {
    const borrowed = await this.borrow();
    if (borrowed) return this.token;
    const { token } = await this.fetch("POST", "/session");
    this.memory.write("token", token);
    this.made(token);
    return token;
  }

  async ask(method, path, body) {
    for (let renewed = false; ; renewed = true) {
      const token = await this.session();
      try {
        return await this.fetch(method, path, token, body);
      } catch (error) {
        if (error.status !== 401) throw error;
        if (this.memory.read("token") === token) this.lost();
        if (renewed) throw error;
      }
    }
  }

  async fetch(method, path, token, body) {
    const headers = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    const response = await fetch(this.base + path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) return response.json();
    const told = await response.json().catch(() => ({}));
    throw new Refused(response.status, told, 1000 * Number(response.headers.get("Retry-After") ?? 0));
  }
}
