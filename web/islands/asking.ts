import { csrfToken, json } from "./dom";

/** Asks the server about what is being typed: once for each state of it, and only for the latest. */
export class Asking {
  private last = "";
  private run: AbortController | null = null;

  /** The answer; null while there is too little to ask about, for what was asked last, and on any fault. */
  async about<T>(url: string, body: URLSearchParams, near: HTMLElement): Promise<T | null> {
    if ((body.get("text") ?? "").length < 4 || body.toString() === this.last) return null;
    this.last = body.toString();
    this.run?.abort();
    this.run = new AbortController();
    const headers = { "X-CSRFToken": csrfToken(near) };
    try {
      return await json<T>(url, { method: "POST", body, headers, signal: this.run.signal });
    } catch {
      this.last = ""; // A suggestion is a courtesy: silence is the right answer to a fault.
      return null;
    }
  }
}
