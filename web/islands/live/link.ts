/** One stream of news for many listeners; runs in the shared worker or in a page. */

export interface Entry {
  position: number;
  action: string;
  subject: string;
  at: string;
  data?: Record<string, unknown>;
}

export type News =
  | { kind: "entry"; entry: Entry; topics?: string[] }
  | { kind: "state"; open: boolean; at: number };

interface Grant {
  url: string;
  position: number;
}

interface Listener {
  topics: string[];
  hear: (news: News) => void;
}

const SLOWEST = 30_000;

/**
 * Asks for a grant for all topics wanted, opens the stream after the last position seen, and on
 * any end asks again: EventSource itself stops for good on 401 and 403 and cannot say where it was.
 */
export class Link {
  private listeners = new Map<unknown, Listener>();
  private source: EventSource | null = null;
  private position = -1;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private opened = "";
  private lastNews = 0;
  private attempt = 0;

  constructor(
    private readonly grants: string,
    public token: string,
  ) {}

  join(id: unknown, topics: string[], hear: (news: News) => void): void {
    this.listeners.set(id, { topics, hear });
    hear({ kind: "state", open: this.source?.readyState === EventSource.OPEN, at: this.lastNews });
    const wanted = new Set(this.opened.split("\n"));
    if (topics.some((topic) => !wanted.has(topic))) this.later(50);
  }

  leave(id: unknown): void {
    this.listeners.delete(id);
    if (!this.listeners.size) this.close();
  }

  close(): void {
    clearTimeout(this.timer);
    this.attempt += 1;
    this.source?.close();
    this.source = null;
    this.opened = "";
  }

  private later(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.open(), wait);
  }

  private async open(): Promise<void> {
    this.close();
    const mine = this.attempt;
    const topics = [...new Set([...this.listeners.values()].flatMap((one) => one.topics))].sort();
    if (!topics.length) return;
    this.opened = topics.join("\n");
    try {
      const grant = await this.grant(topics);
      if (mine !== this.attempt) return;
      if (this.position < 0) this.position = grant.position;
      this.listen(new EventSource(`${grant.url}&after=${this.position}`));
    } catch {
      if (mine === this.attempt) this.again();
    }
  }

  private async grant(topics: string[]): Promise<Grant> {
    const answer = await fetch(this.grants, {
      method: "POST",
      credentials: "same-origin",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": this.token,
      },
      body: JSON.stringify({ topics }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()) as Grant;
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
    const hear = (event: MessageEvent<string>) => this.hear(event);
    source.onmessage = hear;
    source.addEventListener("entry", hear);
    // The server says goodbye before ten minutes are over, or after a revocation.
    source.addEventListener("end", () => this.again());
    source.onerror = () => this.again();
  }

  private hear(event: MessageEvent<string>): void {
    const entry = JSON.parse(event.data) as Entry;
    entry.position ??= Number(event.lastEventId);
    if (!(entry.position > this.position)) return;
    this.position = entry.position;
    this.lastNews = Date.now();
    this.tell({ kind: "entry", entry });
    this.tell({ kind: "state", open: true, at: this.lastNews });
  }

  /** Waits longer after each failure, never the same for two browsers. */
  private again(): void {
    this.close();
    // A stream ends by itself every ten minutes: only a gap that lasts is worth a word.
    this.silence ??= setTimeout(() => {
      this.silence = undefined;
      this.tell({ kind: "state", open: false, at: this.lastNews });
    }, 3_000);
    const wait = Math.min(SLOWEST, 500 * 2 ** this.failures);
    this.failures += 1;
    this.later(wait * (0.5 + Math.random()));
  }

  private tell(news: News): void {
    for (const listener of this.listeners.values()) listener.hear(news);
  }
}
