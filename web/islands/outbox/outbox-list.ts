import { csrfToken, hour, icon, make, uuid } from "../dom";
import { words } from "../words";
import { forgetOld, NEWS, sendWaiting } from "./post";
import { draftKey, dropLetter, type Letter, letters, photosKey } from "./store";
import { beginDraft } from "./tabs";

const RETRY = 30_000;

/**
 * <outbox-list> on every page: forms that wait on this device for the network, and what became of
 * them. It sends them when the network returns, when a page opens, and every half minute.
 */
export class OutboxList extends HTMLElement {
  private timer = 0;

  connectedCallback(): void {
    new BroadcastChannel(NEWS).addEventListener("message", () => void this.draw());
    window.addEventListener("online", () => void this.flush());
    this.addEventListener("thudo:posted", () => void this.flush());
    void forgetOld()
      .then(() => this.draw())
      .then(() => this.flush());
  }

  private async flush(): Promise<void> {
    window.clearTimeout(this.timer);
    if (!(await letters()).some((letter) => letter.state === "waiting")) return;
    if (navigator.onLine) await sendWaiting(freshToken);
    await this.draw();
    this.timer = window.setTimeout(() => void this.flush(), RETRY);
  }

  private async draw(): Promise<void> {
    const all = await letters();
    this.hidden = !all.length;
    // The panel of a form that had to wait says so only while something waits.
    if (!all.some((letter) => letter.state === "waiting")) {
      document.querySelectorAll("[data-posted] > :is(h1, p:not(:last-child))").forEach((one) => {
        one.remove();
      });
    }
    this.replaceChildren(
      ...(all.length ? [make("ul", { class: "outbox" }, ...all.map((one) => this.line(one)))] : []),
    );
  }

  private line(letter: Letter): HTMLLIElement {
    const number = /petitions\/(\d{10})/.exec(letter.url ?? "")?.[1];
    const told = {
      waiting: words.outboxWaits(hour(new Date(letter.written))),
      sent: words.outboxSent(hour(new Date(letter.at ?? 0)), pairs(number ?? "")),
      refused: words.outboxRefused,
    }[letter.state];
    const mark = { waiting: "clock", sent: "check", refused: "pencil" }[letter.state];
    return make(
      "li",
      { role: "status" },
      icon(mark),
      make("span", {}, told),
      letter.state === "sent" && make("a", { href: letter.url ?? "" }, words.outboxOpen),
      letter.state === "refused" && this.button(words.outboxMend, () => void this.mend(letter)),
      letter.state === "waiting" && this.button(words.outboxNow, () => void this.flush()),
      letter.state === "sent" && this.button(words.outboxHide, () => void this.hide(letter)),
    );
  }

  private button(text: string, act: () => void): HTMLButtonElement {
    const button = make("button", { type: "button", class: "button" }, text);
    button.addEventListener("click", act);
    return button;
  }

  /** Back into the form: what was typed, and the photos that have arrived. */
  private async mend(letter: Letter): Promise<void> {
    const fields: Record<string, string[]> = {};
    for (const [name, value] of letter.fields) {
      if (!["files", "sounds"].includes(name)) fields[name] = [...(fields[name] ?? []), value];
    }
    const sent = (field: string, small = "") =>
      JSON.stringify(
        letter.fields.flatMap(([name, id]) =>
          name === field ? { id, url: `/files/${id}`, small: small && `/files/${id}${small}` } : [],
        ),
      );
    // A new key: what is mended is another letter.
    const draft = { fields, idempotency: uuid(), saved: Date.now() };
    const name = beginDraft("petition");
    localStorage.setItem(draftKey(name), JSON.stringify(draft));
    localStorage.setItem(photosKey(name), sent("files", "/small"));
    localStorage.setItem(photosKey(`${name}:sounds`), sent("sounds"));
    await dropLetter(letter.id);
    location.assign("/petitions/new");
  }

  private async hide(letter: Letter): Promise<void> {
    await dropLetter(letter.id);
    await this.draw();
  }
}

/** A page that was opened without a network carries an old token or none. */
async function freshToken(): Promise<string> {
  if (!document.cookie.includes("csrftoken=")) {
    await fetch("/petitions/new", { credentials: "same-origin", cache: "no-store" });
  }
  return csrfToken();
}

function pairs(number: string): string {
  return number.replace(/(\d\d)(?=\d)/g, "$1 ");
}
