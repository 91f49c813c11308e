import { csrfToken, icon, make } from "./dom";
import { type PhotoFacts, readFacts } from "./exif";
import {
  dropPhoto,
  keepPhoto,
  keptPhotos,
  type Letter,
  photoForm,
  photosKey,
} from "./outbox/store";
import { shrink } from "./shrink";
import { words } from "./words";

/** What POST /files/ answers. */
interface Stored {
  id: string;
  url: string;
  small?: string | null;
  taken_at?: string | null;
  lon?: number | null;
  lat?: number | null;
  /** As the device names it; kept here only. */
  name?: string;
}

interface Photo {
  id: string;
  file: File;
  /** Scaled for the way; made once. */
  small?: Blob;
  facts: PhotoFacts;
  row: HTMLLIElement;
  stored?: Stored;
  request?: XMLHttpRequest;
  failed?: boolean;
  /** The server does not take it (not a photo, broken, too large): trying again would not help. */
  refused?: boolean;
}

/** Said by the server of this one file. */
class Refusal extends Error {}

/**
 * <photo-field data-url="/files/" data-max="10"> around a plain <input type="file" multiple>.
 * Each photo goes to a draft at once: scaled to 1,600 px, with byte progress, again on failure;
 * until it has arrived it is kept on the device, through reloads and without a network.
 * Its id becomes a hidden input named by data-name (default "files"); data-purpose travels with
 * it; one form may hold several fields of different names. Without a script the plain
 * input travels with the form. Events (bubbling): "thudo:photos" {done, all, failed},
 * "thudo:photo-place" {lon, lat, takenAt} when a camera wrote a place.
 */
export class PhotoField extends HTMLElement {
  private photos: Photo[] = [];
  private list = make("ul", { class: "uploads" });
  private input!: HTMLInputElement;
  private pick: HTMLButtonElement | null = null;
  private running = false;

  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>("input[type=file]");
    if (!input || this.contains(this.list)) return;
    this.input = input;
    input.removeAttribute("name"); // The ids travel, not the files.
    input.addEventListener("change", () => void this.add([...(input.files ?? [])]));
    this.append(this.pickButton(), this.list);
    for (const stored of this.restored()) this.show(stored);
    // The sheets around it count the photos; they connect after this element.
    queueMicrotask(() => this.report());
    void this.recover();
    window.addEventListener("online", () => this.retry());
  }

  /** Photos that wait or have failed; the form asks before it is sent. */
  get pending(): number {
    return this.photos.filter((photo) => !photo.stored && !photo.refused).length;
  }

  get count(): number {
    return this.photos.filter((photo) => !photo.refused).length;
  }

  /** What has not arrived, for a letter that is sent later; the ids of the others are in the form. */
  async waiting(): Promise<Letter["photos"]> {
    const field = this.dataset.name ?? "files";
    const purpose = this.dataset.purpose ?? "";
    const pending = this.photos.filter((photo) => !photo.stored && !photo.refused);
    return Promise.all(
      pending.map(async (photo) => {
        const blob = await this.scaled(photo);
        return { blob, name: nameOf(photo, blob), facts: photo.facts, field, purpose };
      }),
    );
  }

  /** Resolves when every photo is stored, rejects when one cannot be. */
  async finish(): Promise<void> {
    this.retry();
    while (this.running) await new Promise((resolve) => setTimeout(resolve, 100));
    if (this.pending) throw new Error(words.failed);
  }

  /** The browser's own file control speaks its own language; a button speaks the page's. */
  private pickButton(): HTMLButtonElement {
    const label = this.dataset.label ?? words.addPhoto;
    const button = make("button", { type: "button", class: "button" }, icon("camera"), label);
    button.addEventListener("click", () => this.input.click());
    this.input.hidden = true;
    this.input.labels?.[0]?.removeAttribute("for");
    this.input.setAttribute("aria-hidden", "true");
    this.pick = button;
    return button;
  }

  private get max(): number {
    return Number(this.dataset.max ?? 10);
  }

  private async add(files: File[]): Promise<void> {
    this.input.value = "";
    for (const file of files.slice(0, this.max - this.photos.length)) {
      // Place and time are read before the photo is scaled, since scaling drops them.
      const facts = await readFacts(file);
      const photo: Photo = { id: crypto.randomUUID(), file, facts, row: make("li") };
      this.photos.push(photo);
      this.list.append(photo.row);
      this.draw(photo);
      this.tell(photo);
    }
    void this.run();
  }

  private tell(photo: Photo): void {
    if (photo.facts.lon === undefined) return;
    this.dispatchEvent(
      new CustomEvent("thudo:photo-place", { bubbles: true, detail: photo.facts }),
    );
  }

  /** One photo after the other: a thin network finishes one rather than none. */
  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    for (;;) {
      this.report();
      const next = this.photos.find((photo) => !photo.stored && !photo.failed && !photo.refused);
      if (!next) break;
      try {
        next.stored = await this.send(next);
      } catch (error) {
        next.failed = !(error instanceof Refusal);
        next.refused = error instanceof Refusal;
        if (next.refused) void dropPhoto(next.id);
        next.row.dataset.reason = (error as Error).message;
      }
      this.draw(next);
    }
    this.running = false;
    this.keep();
    this.report();
  }

  private retry(): void {
    for (const photo of this.photos) photo.failed = false;
    void this.run();
  }

  private async send(photo: Photo): Promise<Stored> {
    const small = await this.scaled(photo);
    const purpose = this.dataset.purpose ?? "";
    const body = photoForm(small, nameOf(photo, small), purpose, photo.facts);
    const url = this.dataset.url ?? "/files/";
    const stored = await upload(url, body, csrfToken(this), photo, (sent, all) =>
      this.progress(photo, sent, all),
    );
    void dropPhoto(photo.id);
    return stored;
  }

  private async scaled(photo: Photo): Promise<Blob> {
    if (photo.small) return photo.small;
    photo.small = await shrink(photo.file);
    const { id, facts, small: blob } = photo;
    const purpose = this.dataset.purpose ?? "";
    if (this.owner)
      await keepPhoto({ id, owner: this.owner, name: photo.file.name, blob, facts, purpose });
    return blob;
  }

  /** Photos of an earlier visit that had not arrived. */
  private async recover(): Promise<void> {
    if (!this.owner) return;
    for (const { id, name, blob, facts } of await keptPhotos(this.owner)) {
      const file = new File([blob], name, { type: blob.type });
      const photo: Photo = { id, file, small: blob, facts, row: make("li") };
      this.photos.push(photo);
      this.list.append(photo.row);
      this.draw(photo);
    }
    if (this.pending) void this.run();
  }

  private progress(photo: Photo, sent: number, all: number): void {
    const bar = photo.row.querySelector("progress");
    if (bar) Object.assign(bar, { max: all, value: sent });
    const text = photo.row.querySelector(".bytes");
    if (text) text.textContent = `${kilobytes(sent)} / ${kilobytes(all)} ${words.kb}`;
  }

  private draw(photo: Photo): void {
    const { row, file, stored, failed } = photo;
    const picture = make("img", { alt: file.name, src: pictureOf(file, stored) });
    const state = stored
      ? make("p", { class: "small muted" }, words.uploaded)
      : failed || photo.refused
        ? make("p", { class: "small", role: "alert" }, row.dataset.reason || words.failed)
        : make("progress", { max: "1", value: "0", "aria-label": file.name });
    row.replaceChildren(
      photo.refused ? make("span", { class: "upload-mark" }, icon("ban")) : picture,
      make("div", {}, make("span", { class: "small bytes" }, file.name), state),
      make("div", { class: "cluster" }, failed && this.retryButton(), this.removeButton(photo)),
      stored ? hiddenInput(this.dataset.name ?? "files", stored.id) : "",
    );
  }

  private retryButton(): HTMLButtonElement {
    const button = make("button", { type: "button", class: "button" }, words.retry);
    button.addEventListener("click", () => this.retry());
    return button;
  }

  private removeButton(photo: Photo): HTMLButtonElement {
    const label = { type: "button", class: "button button-icon", "aria-label": words.remove };
    const button = make("button", label, icon("x"));
    button.addEventListener("click", () => {
      photo.request?.abort();
      void dropPhoto(photo.id);
      this.photos = this.photos.filter((one) => one !== photo);
      photo.row.remove();
      this.keep();
      this.report();
      this.pick?.focus();
    });
    return button;
  }

  private report(): void {
    const detail = {
      done: this.photos.filter((photo) => photo.stored).length,
      all: this.count,
      failed: this.photos.filter((photo) => photo.failed).length,
    };
    this.dispatchEvent(new CustomEvent("thudo:photos", { bubbles: true, detail }));
  }

  // Photos that reached the server survive a reload; the draft form clears this when it is sent.
  private get key(): string | null {
    const form = this.closest<HTMLElement>("draft-form");
    const name = this.dataset.name ?? "files";
    return form ? photosKey(`${form.dataset.key}${name === "files" ? "" : `:${name}`}`) : null;
  }

  /** Whose photos they are in the device's store; without a draft nobody's. */
  private get owner(): string {
    const form = this.closest<HTMLElement>("draft-form");
    return form?.dataset.key ? `${form.dataset.key}:${this.dataset.name ?? "files"}` : "";
  }

  private keep(): void {
    const stored = this.photos.flatMap((photo) =>
      photo.stored ? { ...photo.stored, name: photo.file.name } : [],
    );
    if (this.key) remember(this.key, stored);
  }

  private restored(): Stored[] {
    if (!this.key) return [];
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "[]") as Stored[];
    } catch {
      return [];
    }
  }

  private show(stored: Stored): void {
    const file = new File([], stored.name ?? "");
    const photo: Photo = { id: stored.id, file, facts: {}, row: make("li"), stored };
    this.photos.push(photo);
    this.list.append(photo.row);
    this.draw(photo);
  }
}

/** fetch() reports no bytes sent, so this is XMLHttpRequest. */
function upload(
  url: string,
  body: FormData,
  token: string,
  photo: Photo,
  progress: (sent: number, all: number) => void,
): Promise<Stored> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    photo.request = request;
    request.open("POST", url);
    request.responseType = "json";
    request.timeout = 120_000;
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token);
    request.upload.onprogress = (event) => progress(event.loaded, event.total);
    request.onload = () => {
      const answer = request.response as (Stored & { title?: string }) | null;
      if (request.status < 300 && answer?.id) resolve(answer);
      else if ([400, 413, 415, 422].includes(request.status)) {
        reject(new Refusal(answer?.title ?? words.tooLarge));
      } else reject(new Error(words.failed));
    };
    request.onerror = request.ontimeout = request.onabort = () => reject(new Error(words.failed));
    request.send(body);
  });
}

function pictureOf(file: File, stored?: Stored): string {
  return stored && !file.size ? (stored.small ?? stored.url) : preview(file);
}

const previews = new WeakMap<File, string>();

function preview(file: File): string {
  const known = previews.get(file) ?? URL.createObjectURL(file);
  previews.set(file, known);
  return known;
}

function hiddenInput(name: string, value: string): HTMLInputElement {
  return make("input", { type: "hidden", name, value });
}

function nameOf(photo: Photo, small: Blob): string {
  return photo.file.name.replace(/\.\w+$/, "") + suffix(small.type);
}

function suffix(type: string): string {
  return { "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp" }[type] ?? ".jpg";
}

function kilobytes(bytes: number): string {
  return Math.ceil(bytes / 1024).toLocaleString(document.documentElement.lang);
}

function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden store only loses the convenience.
  }
}
