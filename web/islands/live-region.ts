import { csrfToken, hour, icon, make, settled } from "./dom";
import { concerns, type Entry, Link, type News, type Wish } from "./live/link";
import { words } from "./words";

/**
 * <live-region data-topics="petition:… wall" data-refresh="/address/of/a/fragment">
 *   <div data-live-body>…</div>   what the fragment replaces (else the region itself stays)
 *   <p data-live-state></p>       optional place of the dot and the hour of the last news
 * </live-region>
 * data-secrets='{"0412773816": "…"}' opens the topic of a private petition to its link's holder.
 * Dispatches "thudo:entry" (bubbling) with {position, action, subject, at, data} for each entry.
 * With data-refresh the server's fragment is fetched after an entry and swapped in, changed rows
 * (elements with an id) are tinted; while the focus or the pointer is inside, the change waits
 * behind a button. data-every="60" fetches it each so many seconds as well: what is due moves
 * with the clock, though nobody does anything.
 */
export class LiveRegion extends HTMLElement {
  private leave: () => void = () => {};
  private topics: string[] = [];
  private waiting = 0;
  private button: HTMLButtonElement | null = null;
  private beat = 0;
  private later = settled(() => void this.refresh(), 150 + Math.random() * 250);

  connectedCallback(): void {
    const topics = (this.dataset.topics ?? "").split(/[\s,]+/).filter(Boolean);
    if (!topics.length) return;
    this.show(false, 0, true);
    const wish = { topics, secrets: JSON.parse(this.dataset.secrets ?? "{}") as Wish["secrets"] };
    this.topics = topics;
    this.leave = joinStream(wish, csrfToken(this), (news) => this.hear(news));
    this.addEventListener("focusout", this.calm);
    this.addEventListener("pointerleave", this.calm);
    const every = Number(this.dataset.every) * 1000;
    if (every) this.beat = window.setInterval(() => !this.busy && this.later(), every);
  }

  disconnectedCallback(): void {
    window.clearInterval(this.beat);
    this.leave();
  }

  private hear(news: News): void {
    if (news.kind === "state") {
      this.show(news.open, news.at);
      return;
    }
    if (news.kind === "entry") {
      if (!concerns(this.topics, news.entry)) return;
      const detail = news.entry;
      this.dispatchEvent(new CustomEvent<Entry>("thudo:entry", { bubbles: true, detail }));
    } else {
      this.dispatchEvent(new CustomEvent("thudo:gap", { bubbles: true }));
    }
    if (!this.dataset.refresh) return;
    this.waiting += 1;
    if (this.busy) this.offer();
    else this.later();
  }

  private get body(): HTMLElement | null {
    return this.querySelector<HTMLElement>("[data-live-body]");
  }

  /**
   * Nobody's row may jump while a hand is on it. A thumb leaves its focus and its hover where it
   * last tapped, and what it unfolded stays unfolded: neither is a hand.
   */
  private get busy(): boolean {
    const body = this.body;
    const focus = document.activeElement;
    const typing = body?.contains(focus) && focus?.tagName !== "SUMMARY";
    const pointing = matchMedia("(hover: hover)").matches && body?.matches(":hover");
    return Boolean(typing || pointing);
  }

  private calm = (): void => {
    if (this.waiting) window.setTimeout(() => !this.busy && this.waiting && this.later(), 300);
  };

  private offer(): void {
    if (!this.button) {
      this.button = make("button", { type: "button", class: "button waiting-news" });
      this.button.addEventListener("click", () => void this.refresh());
      this.body?.before(this.button);
    }
    this.button.textContent = words.news(this.waiting);
  }

  private async refresh(): Promise<void> {
    const body = this.body;
    if (!body || !this.dataset.refresh) return;
    const count = this.waiting;
    try {
      const answer = await fetch(this.dataset.refresh, {
        credentials: "same-origin",
        headers: { "X-Fragment": "1" },
      });
      if (!answer.ok) return;
      swap(body, await answer.text());
      this.waiting = Math.max(0, this.waiting - count);
      this.button?.remove();
      this.button = null;
      this.dispatchEvent(new CustomEvent("thudo:refreshed", { bubbles: true }));
    } catch {
      // The next entry, or the next focus, asks again.
    }
  }

  private show(open: boolean, at: number, first = false): void {
    const place = this.querySelector<HTMLElement>("[data-live-state]");
    if (!place) return;
    const text = open ? words.live : first || !at ? words.liveWait : words.liveLost;
    place.className = `live-state${open ? " live-on" : ""}`;
    place.replaceChildren(
      open ? make("span", { class: "live-dot", "aria-hidden": "true" }) : icon("wifi-off"),
      make("span", {}, `${text}${at ? ` ${hour(new Date(at))}` : ""}`),
    );
  }
}

/**
 * Replaces the content; what is new or different under the same id is tinted for two seconds.
 * What was unfolded stays so, and a focused heading of it keeps the focus.
 */
function swap(body: HTMLElement, html: string): void {
  const folds = unfolded(body);
  const old = new Map([...body.querySelectorAll("[id]")].map((one) => [one.id, one.outerHTML]));
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const inner = fresh.querySelector("[data-live-body]") ?? fresh.body;
  body.replaceChildren(...document.importNode(inner, true).childNodes);
  for (const one of body.querySelectorAll("[id]")) {
    if (old.get(one.id) !== one.outerHTML) one.classList.add("changed");
  }
  for (const summary of body.querySelectorAll<HTMLElement>("details > summary")) {
    const focused = folds.get(summary.textContent ?? "");
    if (focused === undefined) continue;
    (summary.parentElement as HTMLDetailsElement).open = true;
    if (focused) summary.focus({ preventScroll: true });
  }
}

/** Headings of the open <details>, and whether each has the focus. */
function unfolded(body: HTMLElement): Map<string, boolean> {
  const open = [...body.querySelectorAll<HTMLElement>("details[open] > summary")];
  return new Map(open.map((one) => [one.textContent ?? "", one === document.activeElement]));
}

const GRANTS = "/live/grants";

/** The shared worker's stream; where there is none (Android WebView), one for this tab. */
function joinStream(wish: Wish, token: string, hear: (news: News) => void): () => void {
  const script = document.body.dataset.liveWorker;
  if (typeof SharedWorker !== "undefined" && script) {
    try {
      return throughWorker(script, wish, token, hear);
    } catch {
      // Blocked by a setting of the browser: the plain way works too.
    }
  }
  const link = new Link(GRANTS, token);
  link.join(hear, wish, hear);
  return () => link.leave(hear);
}

function throughWorker(
  script: string,
  wish: Wish,
  token: string,
  hear: (news: News) => void,
): () => void {
  const { port } = new SharedWorker(script, { name: "thudo-live" });
  const ask = (kind: string) => port.postMessage({ kind, grants: GRANTS, token, wish });
  port.onmessage = (event: MessageEvent<News>) => hear(event.data);
  ask("join");
  const beat = window.setInterval(() => ask("alive"), 30_000);
  const back = (event: PageTransitionEvent) => event.persisted && ask("join");
  const gone = () => ask("leave");
  window.addEventListener("pagehide", gone);
  window.addEventListener("pageshow", back);
  return () => {
    clearInterval(beat);
    window.removeEventListener("pagehide", gone);
    window.removeEventListener("pageshow", back);
    ask("leave");
  };
}
