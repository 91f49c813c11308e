import { Asking } from "../asking";
import { csrfToken, icon, json, make, settled } from "../dom";

interface Guess {
  code: string;
  name: string;
}

/** What POST /phone/suggestions answers. */
interface Heard {
  service: Guess | null;
  alternatives: Guess[];
  danger: boolean;
  notice: string;
  owner: { unit: string; post: string; line: string } | null;
  place: { label: string; lon: number; lat: number; offer: string } | null;
  similar: { href: string; place: string; kind: string }[];
}

/**
 * <phone-desk data-url="/phone/suggestions"> around the page of a call.
 * Keys by event.code (a Vietnamese input method eats letters): Alt+1-9 count the caller in the
 * incident [data-voice="1"]..., Alt+V takes the place that the words name, Ctrl+Enter files,
 * F2 goes to the caller's number; letters with Alt are <keyboard-list>'s.
 * Forms with [data-said] are sent in the background and what comes back is said in
 * [data-said-place]: neither the focus nor a typed word moves. While the clerk types in
 * form[data-call], [data-chips], [data-danger], [data-notice], [data-owner] and [data-similar]
 * show what the call seems to be about.
 */
export class PhoneDesk extends HTMLElement {
  private asking = new Asking();
  private chosen = false;
  private ask = settled(() => void this.hear(), 300);

  connectedCallback(): void {
    document.addEventListener("keydown", this.keys);
    this.addEventListener("submit", this.send);
    this.addEventListener("click", this.takeLast);
    const call = this.call;
    if (!call) return;
    call.addEventListener("input", (event) => this.typed(event));
    call.addEventListener("thudo:place", this.ask);
    call.closest("draft-form")?.addEventListener("thudo:restored", this.ask);
    this.chosen = Boolean(this.service);
    this.ask();
    // The clerk's own position is nobody's matter.
    queueMicrotask(() => this.hideOwnPosition());
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.keys);
  }

  private get call(): HTMLFormElement | null {
    return this.querySelector<HTMLFormElement>("form[data-call]");
  }

  private get service(): string {
    const other = this.querySelector<HTMLSelectElement>("select[name=service_other]")?.value;
    return other || this.querySelector<HTMLInputElement>("[name=service]:checked")?.value || "";
  }

  private hideOwnPosition(): void {
    const mine = this.querySelector("place-picker .icon use[href$='#locate-fixed']");
    const button = mine?.closest<HTMLElement>("button");
    if (button) button.hidden = true;
  }

  private typed(event: Event): void {
    const name = (event.target as HTMLInputElement).name;
    if (name === "service" || name === "service_other") this.chosen = true;
    this.ask();
  }

  private keys = (event: KeyboardEvent): void => {
    if (event.repeat || event.metaKey || event.isComposing) return;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    let target: HTMLElement | null = null;
    if (event.altKey && !event.ctrlKey && digit) {
      target = this.querySelector(`[data-voice="${digit}"]`);
    } else if (event.altKey && !event.ctrlKey && event.code === "KeyV") {
      target = this.querySelector("[data-text-place]");
    } else if (event.code === "F2") {
      target = this.querySelector("[name=caller]");
    } else if (event.ctrlKey && event.code.endsWith("Enter")) {
      event.preventDefault();
      this.call?.requestSubmit();
      return;
    }
    if (!target) return;
    event.preventDefault();
    if (target instanceof HTMLInputElement) target.select();
    else target.click();
  };

  /** Counted in the background: the call goes on. */
  private send = (event: SubmitEvent): void => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("[data-said]")) return;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    if (!body.get("phone")) body.set("phone", this.field("phone"));
    void this.say(form.action, new URLSearchParams(body as unknown as Record<string, string>));
  };

  private async say(url: string, body: URLSearchParams): Promise<void> {
    const place = this.querySelector("[data-said-place]");
    if (!place) return;
    try {
      const headers = { "X-CSRFToken": csrfToken(this) };
      const answer = await json<{ said: string }>(url, { method: "POST", body, headers });
      place.textContent = answer.said;
    } catch (error) {
      place.textContent = (error as Error).message;
    }
  }

  private takeLast = (event: Event): void => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-last-place]");
    const place = this.call?.elements.namedItem("place") as HTMLInputElement | null;
    if (!button || !place) return;
    place.value = button.dataset.lastPlace ?? "";
    for (const name of ["lon", "lat"] as const) {
      const input = this.call?.elements.namedItem(name);
      if (input instanceof HTMLInputElement) input.value = button.dataset[name] ?? "";
    }
    place.dispatchEvent(new Event("change", { bubbles: true }));
    place.focus();
    this.ask();
  };

  private field(name: string): string {
    const found = this.call?.elements.namedItem(name);
    return found && "value" in found ? String(found.value) : "";
  }

  private async hear(): Promise<void> {
    const body = new URLSearchParams({
      text: this.field("text").trim(),
      place: this.field("place").trim(),
      lon: this.field("lon"),
      lat: this.field("lat"),
      service: this.chosen ? this.service : "",
    });
    const answer = await this.asking.about<Heard>(
      this.dataset.url ?? "/phone/suggestions",
      body,
      this,
    );
    if (answer) this.show(answer);
  }

  private show(answer: Heard): void {
    this.toggle("danger", answer.danger);
    this.toggle("notice", Boolean(answer.notice), "notice-text", answer.notice);
    this.toggle("owner", Boolean(answer.owner));
    this.put("owner-unit", answer.owner?.unit ?? "");
    this.put("owner-line", answer.owner?.line ?? "");
    if (!this.chosen) this.chips(answer);
    this.similar(answer.similar);
    const detail = answer.place;
    this.call?.dispatchEvent(new CustomEvent("thudo:found-place", { detail }));
  }

  private toggle(name: string, shown: boolean, words = "", text = ""): void {
    const box = this.querySelector<HTMLElement>(`[data-${name}]`);
    if (box) box.hidden = !shown;
    if (words) this.put(words, text);
  }

  private put(name: string, text: string): void {
    const place = this.querySelector(`[data-${name}]`);
    if (place) place.textContent = text;
  }

  /** The first is chosen beforehand; arrows choose another. */
  private chips(answer: Heard): void {
    const box = this.querySelector("[data-chips]");
    const guesses = [answer.service, ...answer.alternatives].filter((one): one is Guess => !!one);
    if (!box) return;
    box.replaceChildren(
      ...guesses.map((guess, place) => {
        const checked = place === 0 && Boolean(answer.service);
        const radio = { type: "radio", name: "service", value: guess.code, checked };
        return make(
          "label",
          { class: "chip-choice" },
          make("input", radio),
          icon("check"),
          guess.name,
        );
      }),
    );
  }

  private similar(cases: Heard["similar"]): void {
    const list = this.querySelector("[data-similar-list]");
    this.toggle("similar", cases.length > 0);
    list?.replaceChildren(
      ...cases.map((one) =>
        make(
          "li",
          {},
          make(
            "a",
            one.href.startsWith("#") ? { href: one.href } : { href: one.href, target: "_blank" },
            one.place,
          ),
          make("span", { class: "small muted" }, one.kind),
        ),
      ),
    );
  }
}
