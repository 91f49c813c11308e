import { make } from "./dom";
import { words } from "./words";

/** Said aloud only from here on: before, the count is nobody's worry. */
const NEAR = 0.9;

/**
 * <text-count data-limit="4000"> around one textarea: counts its characters as the server does
 * (line ends are one) and says when there are too many; nothing is cut off.
 */
export class TextCount extends HTMLElement {
  private shown = make("p", { class: "text-count small muted", "aria-hidden": "true" });
  private said = make("p", { class: "visually-hidden", role: "status" });

  connectedCallback(): void {
    const field = this.querySelector("textarea");
    if (!field || this.contains(this.shown)) return;
    this.append(this.shown, this.said);
    field.addEventListener("input", () => this.count(field));
    this.closest("draft-form")?.addEventListener("thudo:restored", () => this.count(field));
    this.count(field);
  }

  private count(field: HTMLTextAreaElement): void {
    const limit = Number(this.dataset.limit);
    const used = [...field.value].length;
    const figure = (n: number) => n.toLocaleString(document.documentElement.lang || "vi");
    const over = used > limit;
    const text = over
      ? words.tooLong(figure(used - limit))
      : words.letters(figure(used), figure(limit));
    this.shown.textContent = text;
    this.shown.classList.toggle("text-count-over", over);
    // Every tenth character is enough for a voice.
    if (used < limit * NEAR) this.said.textContent = "";
    else if (over || used % 10 === 0) this.said.textContent = text;
  }
}
