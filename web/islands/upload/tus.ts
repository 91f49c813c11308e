import { uuid } from "../dom";
import type { PhotoFacts } from "../exif";
import { words } from "../words";

/**
 * A file on its way to a draft (tus 1.0: /files/uploads/). Its id is chosen here, so that the
 * server can be asked how much of it arrived whatever answer was lost, by any page or worker.
 */
export interface Parcel {
  id: string;
  blob: Blob;
  name: string;
  purpose: string;
  facts: PhotoFacts;
  /** It may have been announced before: ask first. */
  tried?: boolean;
}

/** Said by the server of this one file: trying again would not help. */
export class Refusal extends Error {}

const PLACE = "/files/uploads/";
// A piece takes some seconds; the front keeps up to 512 KiB of a request before it passes it on.
const LEAST = 64 * 1024;
const FIRST = 256 * 1024;
const MOST = 512 * 1024;
const SLOWEST = 90_000;
const PAUSES = [1000, 3000];

type Progress = (sent: number, all: number) => void;

interface Answer {
  status: number;
  offset: number | null;
  title: string;
}

/**
 * Sends what has not arrived yet and resolves with the id of the attachment. A network that breaks
 * is tried again after each of `pauses`; then it rejects, and a later call goes on where this ended.
 */
export async function deliver(
  parcel: Parcel,
  progress: Progress = () => undefined,
  signal?: AbortSignal,
  pauses = PAUSES,
): Promise<string> {
  const way = new Way(parcel, progress, signal);
  for (const pause of pauses) {
    try {
      return await way.go();
    } catch (error) {
      if (error instanceof Refusal || signal?.aborted || !navigator.onLine) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return way.go();
}

class Way {
  private size = FIRST;

  constructor(
    private parcel: Parcel,
    private progress: Progress,
    private signal?: AbortSignal,
  ) {}

  async go(): Promise<string> {
    const { blob } = this.parcel;
    let at = this.parcel.tried ? await this.arrived() : null;
    at ??= await this.announce();
    while (at < blob.size) at = await this.piece(at);
    this.progress(blob.size, blob.size);
    return this.parcel.id;
  }

  /** How many bytes are there; null when the server knows nothing of it. */
  private async arrived(): Promise<number | null> {
    const answer = await this.ask("HEAD", this.place);
    if (answer.status === 404 || answer.status === 410) return null;
    return understood(answer);
  }

  /** With its first piece: a small file needs one request. */
  private async announce(): Promise<number> {
    const { blob, tried } = this.parcel;
    this.parcel.tried = true;
    const answer = await this.ask("POST", PLACE, this.part(0), 0, {
      "Upload-Length": String(blob.size),
      "Upload-Metadata": metadata(this.parcel),
    });
    if (answer.status !== 409) return understood(answer);
    const there = await this.arrived();
    if (there !== null) return there;
    // It is another browser's (cookies were cleared): this one begins anew.
    if (tried) this.parcel.id = uuid();
    return this.announce();
  }

  private async piece(at: number): Promise<number> {
    const began = performance.now();
    const headers = { "Upload-Offset": String(at) };
    const answer = await this.ask("PATCH", this.place, this.part(at), at, headers);
    if ([404, 409, 410].includes(answer.status)) return (await this.arrived()) ?? this.announce();
    const end = understood(answer);
    const took = performance.now() - began;
    if (took < 2000) this.size = Math.min(MOST, this.size * 2);
    if (took > 8000) this.size = Math.max(LEAST, this.size / 2);
    return end;
  }

  private part(at: number): Blob {
    return this.parcel.blob.slice(at, at + this.size);
  }

  private get place(): string {
    return PLACE + this.parcel.id;
  }

  private async ask(
    method: string,
    url: string,
    body?: Blob,
    at = 0,
    more: Record<string, string> = {},
  ): Promise<Answer> {
    const headers: Record<string, string> = { "Tus-Resumable": "1.0.0", ...more };
    if (body) headers["Content-Type"] = "application/offset+octet-stream";
    const told = (sent: number) => this.progress(at + sent, this.parcel.blob.size);
    try {
      const send = typeof XMLHttpRequest === "undefined" ? byFetch : byXhr;
      return await send(method, url, headers, body, told, this.signal);
    } catch (error) {
      this.size = Math.max(LEAST, this.size / 2);
      throw error;
    }
  }
}

function understood(answer: Answer): number {
  if (answer.status < 300 && answer.offset !== null) return answer.offset;
  if ([400, 413, 415, 422].includes(answer.status)) {
    throw new Refusal(answer.title || words.tooLarge);
  }
  throw new Error(words.failed);
}

/** fetch() reports no bytes sent, so pages use XMLHttpRequest; workers have none. */
function byXhr(
  method: string,
  url: string,
  headers: Record<string, string>,
  body: Blob | undefined,
  told: (sent: number) => void,
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.timeout = SLOWEST;
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => told(event.loaded);
    request.onload = () =>
      resolve(
        answered(request.status, request.getResponseHeader("Upload-Offset"), request.responseText),
      );
    request.onerror = request.ontimeout = request.onabort = () => reject(new Error(words.failed));
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

async function byFetch(
  method: string,
  url: string,
  headers: Record<string, string>,
  body: Blob | undefined,
  _told: (sent: number) => void,
  signal?: AbortSignal,
): Promise<Answer> {
  const end = new AbortController();
  signal?.addEventListener("abort", () => end.abort());
  const timer = setTimeout(() => end.abort(), SLOWEST);
  const options = { method, headers, body, signal: end.signal } as const;
  const answer = await fetch(url, { credentials: "same-origin", ...options });
  const text = await answer.text();
  clearTimeout(timer);
  return answered(answer.status, answer.headers.get("Upload-Offset"), text);
}

function answered(status: number, offset: string | null, text: string): Answer {
  return { status, offset: offset === null ? null : Number(offset), title: title(text) };
}

function title(text: string): string {
  try {
    return (JSON.parse(text) as { title?: string }).title ?? "";
  } catch {
    return "";
  }
}

function metadata({ id, name, purpose, facts }: Parcel): string {
  const { takenAt, lon, lat } = facts;
  const given = { id, filename: name, purpose, taken_at: takenAt, lon, lat };
  return Object.entries(given)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([key, value]) => `${key} ${base64(String(value))}`)
    .join(",");
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
