import { icon, make } from "./dom";

/**
 * <form-sheets data-next data-back data-skip> within a form: on a phone its [data-sheet] sections
 * come one at a time, with a bar of marks ([data-sheet-marks] > li) and two buttons in
 * [data-sheet-reach]; [data-sheet-send] waits for the last one. On a wide screen, and without a
 * script, it is one long form. data-from="wrong" opens at the first field that is marked wrong.
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
    this.next.addEventListener("click", () => this.go(this.at + 1));
    this.querySelector("[data-sheet-reach]")?.prepend(this.back, this.next);
    this.addEventListener("thudo:photos", (event) => {
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
