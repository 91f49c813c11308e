import { csrfToken, deadline, icon, make, uuid } from "./dom";
import { draftKey, dropPhotos, type Letter, putLetter } from "./outbox/store";
import { forgetDraft, ownDraft } from "./outbox/tabs";
import type { PhotoField } from "./photo-field";
import { words } from "./words";

interface Draft {
  fields: Record<string, string[]>;
  idempotency: string;
  saved: number;
}

const SLOWEST = 45_000;
const KEPT_FOR = 7 * 24 * 3600 * 1000;

/**
 * <draft-form data-key="petition"> around one <form>. Every key is saved on the device, each tab's
 * apart (outbox/tabs.ts); a reload brings it back; one Idempotency-Key per draft (hidden input "idempotency_key") makes a repeated
 * sending one petition; a lost network loses nothing. The page after success carries
 * <draft-form data-clear="petition"></draft-form>, which forgets the draft.
 * With data-outbox (more fields for such a letter, as a query string) a form that finds no network
 * becomes a letter in the device's outbox, which <outbox-list> sends later. Fields with data-no-draft (and passwords, files, tokens) are never stored. A button with a
 * formaction of its own sends what was typed there instead (to follow another report).
 */
export class DraftForm extends HTMLElement {
  private form: HTMLFormElement | null = null;
  private state = make("p", { class: "draft-state", role: "status" });
  private key = "";
  private early = false;
  /** When it is known which draft is this page's own; photo fields wait for it. */
  settled: Promise<void> = Promise.resolve();
  private idempotency = "";
  private sending = false;

  connectedCallback(): void {
    const clear = this.dataset.clear;
    if (clear) {
      forget(clear);
      return;
    }
    this.form = this.querySelector("form");
    if (!this.form || this.dataset.draft) return;
    this.dataset.draft = this.name;
    this.settled = this.settle();
    const place = this.querySelector("[data-draft-state]");
    if (place) place.append(this.state);
    else this.form.append(this.state);
    this.form.addEventListener("input", () => this.save());
    this.form.addEventListener("change", () => this.save());
    this.form.addEventListener("submit", (event) => void this.submit(event));
    this.addEventListener("thudo:photos", (event) => this.photos((event as CustomEvent).detail));
    // Back from the next page: a page out of the cache must be sendable again.
    window.addEventListener("pageshow", (event) => {
      this.free();
      if (event.persisted) this.settled = this.claim();
    });
    window.addEventListener("online", () => this.say(words.saved));
    window.addEventListener("offline", () => this.say(words.offline, "wifi-off"));
  }

  private get name(): string {
    return this.dataset.key ?? location.pathname;
  }

  private async settle(): Promise<void> {
    await this.claim();
    // The fields that other islands add are there by now.
    this.restore();
    // What was typed before the draft was this page's.
    if (this.early) this.save();
  }

  private async claim(): Promise<void> {
    const draft = await ownDraft(this.name).catch(() => this.name);
    this.dataset.draft = draft;
    this.key = draftKey(draft);
  }

  private restore(): void {
    const draft = this.read();
    this.idempotency = draft?.idempotency ?? uuid();
    this.secret("idempotency_key").value = this.idempotency;
    if (!draft || !this.form) return;
    let any = false;
    for (const [name, values] of Object.entries(draft.fields)) {
      any = fill(this.form, name, values) || any;
    }
    if (any) {
      this.say(words.restored);
      this.dispatchEvent(new CustomEvent("thudo:restored", { bubbles: true }));
    }
  }

  private read(): Draft | null {
    try {
      const draft = JSON.parse(localStorage.getItem(this.key) ?? "null") as Draft | null;
      return draft && Date.now() - draft.saved < KEPT_FOR ? draft : null;
    } catch {
      return null;
    }
  }

  private save(): void {
    this.early = !this.key;
    if (!this.form || this.sending || !this.key) return;
    const fields: Draft["fields"] = {};
    for (const element of this.form.elements) {
      const value = storable(element);
      if (value) fields[value[0]] = [...(fields[value[0]] ?? []), value[1]];
    }
    const draft: Draft = { fields, idempotency: this.idempotency, saved: Date.now() };
    try {
      localStorage.setItem(this.key, JSON.stringify(draft));
      this.say(words.saved);
    } catch {
      this.say("");
    }
  }

  /**
   * Sends once, photos first. The form travels by fetch, so that a lost network leaves the page as
   * it stands; the answer's page then takes this one's place. data-native leaves it to the browser.
   */
  private async submit(event: SubmitEvent): Promise<void> {
    const form = this.form;
    if (!form || this.dataset.native !== undefined) return;
    event.preventDefault();
    if (this.sending) return;
    this.save();
    const goes = event.submitter?.getAttribute("formaction");
    const fields = [...this.querySelectorAll<PhotoField>("photo-field")];
    const photos = fields.reduce((sum, field) => sum + field.count, 0);
    this.begin();
    try {
      if (!navigator.onLine) throw new Error("offline");
      for (const field of fields) await field.finish();
      this.say(words.sending, "upload");
      await this.send(form, event.submitter);
    } catch {
      if (goes || !(await this.postLater(form, fields))) this.fail(photos);
    } finally {
      this.free();
    }
  }

  /** Into the outbox, and the form is free for the next report; false where there is none. */
  private async postLater(form: HTMLFormElement, fields: PhotoField[]): Promise<boolean> {
    if (this.dataset.outbox === undefined || !form.reportValidity()) return false;
    const typed = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
    const letter: Letter = {
      id: this.idempotency,
      action: form.getAttribute("action") ?? location.pathname,
      fields: [
        ...typed.filter((pair): pair is [string, string] => typeof pair[1] === "string"),
        // What the page would have asked back: nobody is there to answer when a letter arrives.
        ...new URLSearchParams(this.dataset.outbox),
      ],
      photos: (await Promise.all(fields.map((field) => field.waiting()))).flat(),
      written: Date.now(),
      state: "waiting",
    };
    try {
      await putLetter(letter);
    } catch {
      return false;
    }
    forget(this.name);
    askToSync();
    this.replaceChildren(posted());
    document.querySelector("outbox-list")?.dispatchEvent(new CustomEvent("thudo:posted"));
    scrollTo(0, 0);
    return true;
  }

  private async send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    const body = new FormData(form);
    body.set("csrfmiddlewaretoken", csrfToken());
    if (submitter instanceof HTMLButtonElement && submitter.name) {
      body.append(submitter.name, submitter.value);
    }
    const address = submitter?.getAttribute("formaction") ?? form.action;
    const answer = await fetch(address, {
      method: "POST",
      body,
      credentials: "same-origin",
      headers: { Accept: "text/html", "Idempotency-Key": this.idempotency },
      signal: deadline(SLOWEST),
    });
    if (answer.redirected && answer.ok) {
      this.say(words.sent);
      location.assign(answer.url);
      return;
    }
    if (answer.status >= 500) throw new Error(String(answer.status));
    turnTo(await answer.text());
  }

  private begin(): void {
    this.sending = true;
    this.say(words.sending, "upload");
    // A disabled button would drop its own name and value, so it is only marked.
    for (const button of this.buttons()) button.setAttribute("aria-disabled", "true");
  }

  private free(): void {
    this.sending = false;
    for (const button of this.buttons()) button.removeAttribute("aria-disabled");
  }

  private fail(photos: number): void {
    this.say(navigator.onLine ? words.notSent(photos) : words.offline, "wifi-off");
    this.state.scrollIntoView({ block: "nearest" });
  }

  private photos(detail: { done: number; all: number; failed: number }): void {
    if (detail.failed) this.say(words.notSent(detail.all), "wifi-off");
    else if (detail.done < detail.all) {
      this.say(words.sendingPhotos(detail.done + 1, detail.all), "upload");
    } else this.save();
  }

  private say(text: string, mark = "check"): void {
    if (this.state.dataset.text === text) return;
    this.state.dataset.text = text;
    this.state.replaceChildren(...(text ? [icon(mark), text] : []));
  }

  private buttons(): NodeListOf<HTMLButtonElement> {
    return this.querySelectorAll<HTMLButtonElement>("button:not([type=button])");
  }

  private secret(name: string): HTMLInputElement {
    const known = this.form?.querySelector<HTMLInputElement>(`input[name=${name}]`);
    if (known) return known;
    const input = make("input", { type: "hidden", name, "data-no-draft": true });
    this.form?.append(input);
    return input;
  }
}

function forget(name: string): void {
  try {
    for (const draft of forgetDraft(name)) void dropPhotos(draft);
  } catch {
    // Nothing was stored then.
  }
}

/** Chromium sends what waits even when no page is open; others when the next page opens. */
function askToSync(): void {
  void navigator.serviceWorker?.ready
    .then((registration) =>
      (
        registration as unknown as { sync?: { register(tag: string): Promise<void> } }
      ).sync?.register("thudo-outbox"),
    )
    .catch(() => undefined);
}

function posted(): HTMLElement {
  return make(
    "section",
    { class: "card stack", role: "status", "data-posted": true },
    make("h1", {}, words.outboxKept),
    make("p", {}, words.outboxPromise("SyncManager" in window)),
    make("p", {}, make("a", { class: "button", href: "/petitions/new" }, words.outboxNext)),
  );
}

const NEVER = ["csrfmiddlewaretoken", "idempotency_key", "files", "sounds"];

function storable(element: Element): [string, string] | null {
  const field = element as HTMLInputElement;
  if (!field.name || NEVER.includes(field.name) || field.dataset.noDraft !== undefined) return null;
  if (["password", "file", "submit", "button"].includes(field.type)) return null;
  if (["checkbox", "radio"].includes(field.type) && !field.checked) return null;
  return field.value ? [field.name, field.value] : null;
}

/** Puts stored values back where the server has not already put one. */
function fill(form: HTMLFormElement, name: string, values: string[]): boolean {
  let any = false;
  for (const element of form.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)) {
    if (["checkbox", "radio"].includes(element.type)) {
      const checked = values.includes(element.value);
      any ||= checked !== element.checked;
      element.checked = checked;
    } else if (!element.value && values[0]) {
      element.value = values[0];
      any ||= element.type !== "hidden";
    }
  }
  return any;
}

/** The answer is a page without an address of its own: errors beside the fields, or a refusal. */
function turnTo(html: string): void {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.querySelector("main");
  const here = document.querySelector("main");
  if (!main || !here) throw new Error("no page");
  document.title = page.title;
  here.replaceWith(document.importNode(main, true));
  const errors = document.querySelector<HTMLElement>("#errors, [aria-invalid=true], main h1");
  errors?.focus();
  errors?.scrollIntoView({ block: "start" });
}
