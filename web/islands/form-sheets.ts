import { icon, make } from "./dom";
import type { PhotoField } from "./photo-field";

/**
 * <form-sheets data-next data-back data-skip> within a form: on a phone its [data-sheet] sections
 * come one at a time, with a bar of marks ([data-sheet-marks] > li) and two buttons in
 * [data-sheet-reach]; [data-sheet-send] waits for the last one. On a wide screen, and without a
 * script, it is one long form. data-from="wrong" opens at the first field that is marked wrong.
 * A sheet with data-needs="place no_place" (names of fields, one of which must be filled) shows
 * its hidden [data-missing] and stays, so that nothing is asked only at the end.
 */
export class FormSheets extends HTMLElement {
  private at = 0;
  private photos = 0;
  private narrow = matchMedia("(max-width: 767px)");
  private back = make("button", { type: "button", class: "button" });
  private next = make("button", { type: "button", class: "button button-main" });

  connectedCallback(): void {
    if (this.contains(this.next)) return;
    this.back.append(icon("arrow-left"), this.dataset.back ?? "");
    this.back.addEventListener("click", () => this.go(this.at - 1));
    this.next.addEventListener("click", () => this.lacks() || this.go(this.at + 1));
    this.querySelector("[data-sheet-reach]")?.prepend(this.back, this.next);
    this.addEventListener("thudo:photos", (event) => {
      if (!this.sheets[0]?.contains(event.target as Node)) return;
      this.photos = (event as CustomEvent<{ all: number }>).detail.all;
      this.draw();
    });
    this.narrow.addEventListener("change", this.draw);
    this.at = this.dataset.from === "wrong" ? Math.max(this.firstWrong(), 0) : 0;
    this.draw();
  }

  disconnectedCallback(): void {
    this.narrow.removeEventListener("change", this.draw);
  }

  private get sheets(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[data-sheet]")];
  }

  private firstWrong(): number {
    return this.sheets.findIndex((sheet) => sheet.querySelector("[aria-invalid=true]"));
  }

  /** Whether something is missing on the sheet that is left; it is said there, and goes when mended. */
  private lacks(): boolean {
    const sheet = this.sheets[this.at];
    const fields = (sheet?.dataset.needs ?? "")
      .split(" ")
      .map((name) => sheet?.querySelector<HTMLInputElement>(`[name="${name}"]`))
      .filter((field): field is HTMLInputElement => Boolean(field));
    const first = fields[0];
    // What is said need not be written.
    const spoken = sheet?.querySelector<PhotoField>("photo-field[data-instead]")?.count;
    if (!sheet || !first || spoken || fields.some(isFilled)) return false;
    this.blame(sheet, first);
    return true;
  }

  private blame(sheet: HTMLElement, field: HTMLInputElement): void {
    const error = sheet.querySelector<HTMLElement>("[data-missing]");
    if (error?.hidden) {
      const heard = ["input", "change", "thudo:place", "thudo:photos"];
      const before = field.getAttribute("aria-describedby") ?? "";
      const mark = (wrong: boolean) => {
        error.hidden = !wrong;
        field.closest(".field")?.classList.toggle("field-wrong", wrong);
        field.setAttribute("aria-describedby", wrong ? `${before} ${error.id}`.trim() : before);
        if (wrong) field.setAttribute("aria-invalid", "true");
        else field.removeAttribute("aria-invalid");
      };
      const mend = () => {
        mark(false);
        for (const kind of heard) sheet.removeEventListener(kind, mend);
      };
      for (const kind of heard) sheet.addEventListener(kind, mend);
      mark(true);
    }
    field.focus();
  }

  private go(at: number): void {
    this.at = Math.min(Math.max(at, 0), this.sheets.length - 1);
    this.draw();
    this.scrollIntoView({ block: "start" });
    this.sheets[this.at]?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }

  private draw = (): void => {
    const one = this.narrow.matches;
    const last = this.at === this.sheets.length - 1;
    this.classList.toggle("one-sheet", one);
    this.sheets.forEach((sheet, place) => {
      sheet.hidden = one && place !== this.at;
    });
    this.mark();
    this.back.hidden = !one || this.at === 0;
    this.next.hidden = !one || last;
    const skips = this.at === 0 && this.photos === 0;
    this.next.textContent = (skips ? this.dataset.skip : this.dataset.next) ?? "";
    const send = this.querySelector<HTMLElement>("[data-sheet-send]");
    if (send) send.hidden = one && !last;
  };

  private mark(): void {
    this.querySelectorAll("[data-sheet-marks] > li").forEach((mark, place) => {
      mark.classList.toggle("step-done", place < this.at);
      if (place === this.at) mark.setAttribute("aria-current", "step");
      else mark.removeAttribute("aria-current");
    });
  }
}

function isFilled(field: HTMLInputElement): boolean {
  return field.type === "checkbox" ? field.checked : field.value.trim() !== "";
}
