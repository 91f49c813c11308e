/** One stream of news for many listeners; runs in the shared worker or in a page. */

export interface Entry {
  position: number;
  action: string;
  subject: { kind: string; id: string };
  at: string;
  data: Record<string, unknown>;
}

/** `gap`: entries were missed (a stream too slow, a long sleep), so a page fetches itself again. */
export type News =
  | { kind: "entry"; entry: Entry }
  | { kind: "gap" }
  | { kind: "state"; open: boolean; at: number };

export interface Wish {
  topics: string[];
  /** Public number -> secret of a private petition. */
  secrets: Record<string, string>;
}

interface Grant {
  url: string;
  position: number;
}

interface Listener extends Wish {
  hear: (news: News) => void;
}

const SLOWEST = 30_000;
// A stream ends by itself every ten minutes: only a gap that lasts is worth a word.
const WORTH_A_WORD = 3_000;

/**
 * Asks for a grant for all topics wanted, opens the stream after the last position seen, and on
 * any end asks again: EventSource itself stops for good on 401 and 403 and cannot say where it was.
 */
export class Link {
  private listeners = new Map<unknown, Listener>();
  private refused = new Set<string>();
  private source: EventSource | null = null;
  private position = -1;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private followed = new Set<string>();
  private lastNews = 0;
  private attempt = 0;

  constructor(
    private readonly grants: string,
    public token: string,
  ) {}

  join(id: unknown, wish: Wish, hear: (news: News) => void): void {
    this.listeners.set(id, { ...wish, hear });
    for (const topic of wish.topics) this.refused.delete(topic);
    hear({ kind: "state", open: this.source?.readyState === EventSource.OPEN, at: this.lastNews });
    if (wish.topics.some((topic) => !this.followed.has(topic))) this.later(50);
  }

  leave(id: unknown): void {
    this.listeners.delete(id);
    if (!this.listeners.size) this.close();
  }

  private close(): void {
    clearTimeout(this.timer);
    this.attempt += 1;
    this.source?.close();
    this.source = null;
    this.followed.clear();
  }

  private later(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.open(), wait);
  }

  private async open(): Promise<void> {
    this.close();
    const mine = this.attempt;
    const wish = this.wish();
    if (!wish.topics.length) return;
    this.followed = new Set(wish.topics);
    try {
      const grant = await this.grant(wish);
      if (mine !== this.attempt) return;
      if (this.position < 0) this.position = grant.position;
      const address = new URL(grant.url, location.href);
      address.searchParams.set("after", String(this.position));
      this.listen(new EventSource(address));
    } catch {
      if (mine === this.attempt) this.again();
    }
  }

  private wish(): Wish {
    const all = [...this.listeners.values()];
    const topics = new Set(all.flatMap((one) => one.topics));
    for (const topic of this.refused) topics.delete(topic);
    return {
      topics: [...topics].sort(),
      secrets: Object.assign({}, ...all.map((one) => one.secrets)),
    };
  }

  private async grant(wish: Wish): Promise<Grant> {
    const answer = await fetch(this.grants, {
      method: "POST",
      credentials: "same-origin",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": this.token,
      },
      body: JSON.stringify(wish),
    });
    const body = await answer.json();
    if (answer.ok) return body as Grant;
    // One topic that may not be followed must not silence the others.
    for (const topic of (body.topics as string[] | undefined) ?? []) this.refused.add(topic);
    throw new Error(String(answer.status));
  }

  private listen(source: EventSource): void {
    this.source = source;
    source.onopen = () => {
      this.failures = 0;
      clearTimeout(this.silence);
      this.silence = undefined;
      this.lastNews ||= Date.now();
      this.tell({ kind: "state", open: true, at: this.lastNews });
    };
    source.onmessage = (event: MessageEvent<string>) => this.hear(JSON.parse(event.data) as Entry);
    source.addEventListener("gap", (event) => {
      this.position = Number(event.lastEventId) || this.position;
      this.tell({ kind: "gap" });
    });
    source.onerror = () => this.again();
  }

  private hear(entry: Entry): void {
    if (entry.position <= this.position) return;
    this.position = entry.position;
    this.lastNews = Date.now();
    this.tell({ kind: "entry", entry });
    this.tell({ kind: "state", open: true, at: this.lastNews });
  }

  /** Waits longer after each failure, never the same for two browsers. */
  private again(): void {
    this.close();
    this.silence ??= setTimeout(() => {
      this.silence = undefined;
      this.tell({ kind: "state", open: false, at: this.lastNews });
    }, WORTH_A_WORD);
    const wait = Math.min(SLOWEST, 500 * 2 ** this.failures);
    this.failures += 1;
    this.later(wait * (0.5 + Math.random()));
  }

  private tell(news: News): void {
    for (const listener of this.listeners.values()) listener.hear(news);
  }
}

/** Whether an entry of the browser's one stream concerns a page that follows these topics. */
export function concerns(topics: string[], entry: Entry): boolean {
  const { subject, data } = entry;
  return topics.some((topic) => {
    const [kind, id] = [topic.slice(0, topic.indexOf(":")), topic.slice(topic.indexOf(":") + 1)];
    if (kind === "petition") return [data.petition, data.petitions].flat().includes(id);
    if (kind === "case") return subject.kind === "case" && subject.id === id;
    if (kind === "area") return data.area === id;
    return true; // The wall, a unit, a desk: the server alone knows what belongs there.
  });
}
