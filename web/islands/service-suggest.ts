import { Asking } from "./asking";
import { icon, make, settled } from "./dom";
import { words } from "./words";

interface Guess {
  code: string;
  name: string;
}

interface Question {
  code: string;
  text: string;
  options: { code: string; text: string }[];
}

/** What POST /petitions/suggestions answers; every member may be missing. */
interface Suggestion {
  notice?: string;
  owner?: { unit: string; post: string; line: string } | null;
  questions?: Question[];
  service?: Guess | null;
  alternatives?: Guess[];
  danger?: boolean;
  /** The cards as the server draws them; "" for none. */
  similar?: string;
  /** One line beside the text that leads to them. */
  similar_cue?: string;
  place?: FoundPlace | null;
}

/** A place the text names; `offer` is what the button that takes it says. */
export interface FoundPlace {
  label: string;
  lon: number;
  lat: number;
  offer: string;
}

/**
 * <service-suggest data-url="/petitions/suggestions" data-text="text" data-name="service">
 * Listens to the form's text field (and lon, lat), proposes the service as one chip with
 * alternatives behind "Change", unhides [data-danger] when the text speaks of danger, and shows
 * similar reports. Children used when present: [data-chips], [data-danger], [data-similar],
 * [data-notice] (what this channel cannot handle), [data-questions] of the service, and anywhere
 * in the form [data-owner] with [data-owner-unit], [data-owner-post], [data-owner-line].
 * The person's own choice is never overwritten.
 */
export class ServiceSuggest extends HTMLElement {
  private asking = new Asking();
  private chosen = false;
  private none: Element | null = null;
  private cards = "";
  private ask = settled(() => void this.fetch(), 400);

  connectedCallback(): void {
    const form = this.closest("form");
    const text = form?.elements.namedItem(this.dataset.text ?? "text");
    if (!(text instanceof HTMLTextAreaElement || text instanceof HTMLInputElement)) return;
    text.addEventListener("input", this.ask);
    this.chosen = this.service !== "";
    this.addEventListener("change", (event) => {
      if ((event.target as HTMLInputElement).name?.startsWith("answer-")) return;
      this.chosen = true;
      this.ask();
    });
    form?.addEventListener("thudo:place", this.ask);
    form?.closest("draft-form")?.addEventListener("thudo:restored", this.ask);
    if (text.value) this.ask();
  }

  private get form(): HTMLFormElement | null {
    return this.closest("form");
  }

  /** What the person picked; "" as long as only a proposal stands. */
  private get service(): string {
    const name = this.dataset.name ?? "service";
    const all = this.querySelector<HTMLSelectElement>(`select[name=${name}_other]`)?.value;
    const chip = this.querySelector<HTMLInputElement>(`input[name=${name}]:checked`)?.value;
    return all || chip || "";
  }

  private value(name: string): string {
    const field = this.form?.elements.namedItem(name);
    return field && "value" in field ? String(field.value) : "";
  }

  private async fetch(): Promise<void> {
    const body = new URLSearchParams({
      text: this.value(this.dataset.text ?? "text").trim(),
      lon: this.value("lon"),
      lat: this.value("lat"),
      service: this.chosen ? this.service : "",
    });
    const answer = await this.asking.about<Suggestion>(
      this.dataset.url ?? "/petitions/suggestions",
      body,
      this,
    );
    if (answer) this.show(answer);
  }

  private show(answer: Suggestion): void {
    const danger = this.piece("danger");
    if (danger) danger.hidden = !answer.danger;
    if (!this.chosen) this.chips(answer);
    this.notice(answer.notice ?? "");
    this.questions(answer.questions ?? []);
    this.owner(answer.owner);
    this.similar(answer.similar ?? "", answer.similar_cue ?? "");
    const detail = answer.place ?? null;
    this.dispatchEvent(new CustomEvent("thudo:found-place", { bubbles: true, detail }));
  }

  private notice(text: string): void {
    const box = this.piece("notice");
    const place = this.piece("notice-text");
    if (box) box.hidden = !text;
    if (place) place.textContent = text;
  }

  /** Short questions of the service as chips; what was answered stays answered. */
  private questions(asked: Question[]): void {
    const box = this.piece("questions");
    const codes = asked.map((question) => question.code).join(" ");
    if (!box || box.dataset.codes === codes) return;
    box.dataset.codes = codes;
    box.replaceChildren(
      ...asked.map((question) =>
        make(
          "fieldset",
          { class: "field" },
          make("legend", {}, question.text),
          make(
            "div",
            { class: "cluster" },
            ...question.options.map((option) =>
              make(
                "label",
                { class: "chip-choice" },
                make("input", {
                  type: "radio",
                  name: `answer-${question.code}`,
                  value: option.code,
                }),
                option.text,
              ),
            ),
          ),
        ),
      ),
    );
  }

  private owner(owner: Suggestion["owner"]): void {
    const box = this.piece("owner");
    if (!box) return;
    box.hidden = !owner;
    for (const name of ["unit", "post", "line"] as const) {
      const place = this.piece(`owner-${name}`);
      if (place) place.textContent = owner?.[name] ?? "";
    }
  }

  private chips(answer: Suggestion): void {
    const box = this.piece("chips");
    const guesses = [answer.service, ...(answer.alternatives ?? [])].filter(
      (guess): guess is Guess => Boolean(guess),
    );
    if (!box || !guesses.length) return;
    const name = this.dataset.name ?? "service";
    const radios = guesses.map((guess, place) =>
      make(
        "label",
        { class: "chip-choice", hidden: place > 0 && Boolean(answer.service) },
        make("input", {
          type: "radio",
          name,
          value: guess.code,
          checked: place === 0 && Boolean(answer.service),
        }),
        icon("check"),
        guess.name,
      ),
    );
    const more = make("button", { type: "button", class: "button button-quiet" }, words.change);
    more.addEventListener("click", () => {
      for (const radio of radios) radio.hidden = false;
      this.piece("all")?.removeAttribute("hidden");
      more.remove();
      radios[1]?.querySelector("input")?.focus();
    });
    box.replaceChildren(...radios, ...(answer.service ? [more] : []));
  }

  /** What stood there before anything was found comes back; the box keeps its place either way. */
  private similar(cards: string, cue: string): void {
    const box = this.piece("similar");
    if (!box) return;
    this.piece("similar-cue")?.replaceChildren(cue && make("a", { href: "#similar" }, cue));
    this.none ??= box.querySelector(".similar-none") ?? make("p", { class: "similar-none" });
    if (box.contains(document.activeElement)) return; // Nobody's button goes away under the finger.
    if (!cards) box.replaceChildren(this.none);
    else if (cards !== this.cards) box.innerHTML = cards;
    this.cards = cards;
  }

  private piece(name: string): HTMLElement | null {
    return (
      this.querySelector<HTMLElement>(`[data-${name}]`) ??
      this.form?.querySelector<HTMLElement>(`[data-${name}]`) ??
      null
    );
  }
}
