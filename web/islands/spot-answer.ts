import { csrfToken, settled } from "./dom";

const ASKED = ["text", "service", "service_other", "place", "lon", "lat"] as const;
const LEAST_WORDS = 8;

/**
 * <spot-answer data-url="/petitions/announcements" role="status"> within the filing form: asks what
 * is announced for the place and the matter while one types, and shows the answer (HTML of the
 * server) before the report is sent. The form's main button ([data-sheet-send]) then says that it
 * was sent all the same; without a script it asks the server first (step=announced).
 */
export class SpotAnswer extends HTMLElement {
  private last = "";
  private run: AbortController | null = null;
  private ask = settled(() => void this.fetch(), 700);

  connectedCallback(): void {
    const form = this.form;
    if (!form) return;
    this.mark();
    form.addEventListener("input", this.ask);
    form.addEventListener("change", this.ask);
    form.addEventListener("thudo:place", this.ask);
    form.addEventListener("thudo:point", this.ask);
    form.closest("draft-form")?.addEventListener("thudo:restored", this.ask);
    this.ask();
  }

  disconnectedCallback(): void {
    this.run?.abort();
  }

  private get form(): HTMLFormElement | null {
    return this.closest("form");
  }

  /** What the main button adds to the form: that an answer was read, or nothing. */
  private mark(): void {
    const send = this.form?.querySelector("[data-sheet-send]");
    if (this.querySelector("[name=told]")) {
      send?.setAttribute("name", "step");
      send?.setAttribute("value", "sent");
    } else send?.removeAttribute("name");
  }

  private async fetch(): Promise<void> {
    const form = this.form;
    if (!form) return;
    const typed = new FormData(form);
    const body = new URLSearchParams();
    for (const name of ASKED) body.set(name, String(typed.get(name) ?? "").trim());
    const enough = (body.get("text") ?? "").length >= LEAST_WORDS;
    if (!enough || body.toString() === this.last) return;
    this.last = body.toString();
    this.run?.abort();
    this.run = new AbortController();
    try {
      const answer = await fetch(this.dataset.url ?? "", {
        method: "POST",
        body,
        credentials: "same-origin",
        headers: { Accept: "text/html", "X-CSRFToken": csrfToken(this) },
        signal: this.run.signal,
      });
      if (answer.ok) this.show(await answer.text());
    } catch {
      this.last = ""; // A courtesy: where it cannot be had, the report is simply sent.
    }
  }

  private show(html: string): void {
    const page = new DOMParser().parseFromString(html, "text/html");
    const told = (from: ParentNode) => from.querySelector(".spot-list")?.textContent;
    // The same answer again: a screen reader need not hear it twice, the focus stays.
    if (this.querySelector(".spot") && told(page) === told(this)) return;
    this.replaceChildren(...page.body.children);
    this.mark();
  }
}
