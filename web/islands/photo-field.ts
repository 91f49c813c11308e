import { icon, make, uuid } from "./dom";
import type { DraftForm } from "./draft-form";
import { type PhotoFacts, readFacts } from "./exif";
import { dropPhoto, keepPhoto, keptPhotos, type Letter, photosKey } from "./outbox/store";
import { shrink } from "./shrink";
import { isSame, type Kind, kilobytes, kindOf, lengthOf, likeness, preview } from "./upload/kinds";
import { deliver, type Parcel, Refusal } from "./upload/tus";
import { canRecord, recordButton } from "./upload/voice";
import { words } from "./words";

/** A file that is there, as it is remembered on the device. */
interface Stored {
  id: string;
  url: string;
  small?: string | null;
  kind?: Kind;
  /** As the device names it; kept here only. */
  name?: string;
}

interface Photo {
  /** Chosen here: the server's upload and its attachment get the same. */
  id: string;
  file: File;
  kind: Kind;
  /** Scaled for the way; made once. */
  small?: Blob;
  facts: PhotoFacts;
  row: HTMLLIElement;
  stored?: Stored;
  /** It may be partly there. */
  tried?: boolean;
  stop?: AbortController;
  failed?: boolean;
  /** The server does not take it (no such kind, broken, too large): trying again would not help. */
  refused?: boolean;
}

const AGAIN = 15_000;

/**
 * <photo-field data-max="10"> around a plain <input type="file" multiple>.
 * Each file goes to a draft at once, piece by piece (upload/tus.ts): photos scaled to 1,600 px,
 * films and recordings as they are; with byte progress, again on failure. Until it has arrived it
 * is kept on the device, and goes on where it was after a reload or a lost network.
 * Its id becomes a hidden input named by data-name (default "files"); data-purpose travels with
 * it; one form may hold several fields of different names. data-film-seconds: longer films are
 * refused before they travel. With data-voice (seconds) a button records instead of choosing; the field named by
 * data-instead is then not required.
 * Without a script the plain input travels with the form. Events (bubbling): "thudo:photos" {done,
 * all, failed}, "thudo:photo-place" {lon, lat, takenAt} when a camera wrote a place.
 */
export class PhotoField extends HTMLElement {
  private photos: Photo[] = [];
  private list = make("ul", { class: "uploads" });
  private input!: HTMLInputElement;
  private pick: HTMLButtonElement | null = null;
  private running = false;
  private again = 0;

  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>("input[type=file]");
    if (!input || this.contains(this.list)) return;
    this.input = input;
    input.removeAttribute("name"); // The ids travel, not the files.
    input.addEventListener("change", () => void this.add([...(input.files ?? [])]));
    this.append(this.pickButton(), this.list);
    void this.begin();
    window.addEventListener("online", () => this.retry());
  }

  /** What it was sending goes on elsewhere: in the outbox, or in the field that takes its place. */
  disconnectedCallback(): void {
    window.clearTimeout(this.again);
    for (const photo of this.photos) photo.stop?.abort();
  }

  /** What this page's draft had, once it is known which draft that is. */
  private async begin(): Promise<void> {
    await this.closest<DraftForm>("draft-form")?.settled;
    for (const stored of this.restored()) this.show(stored);
    // The sheets around it count the photos.
    this.report();
    void this.recover();
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
        const { id, facts, tried } = photo;
        return { id, blob, name: nameOf(photo, blob), facts, field, purpose, tried };
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
  private pickButton(): HTMLElement {
    this.input.hidden = true;
    this.input.labels?.[0]?.removeAttribute("for");
    this.input.setAttribute("aria-hidden", "true");
    const voice = Number(this.dataset.voice ?? 0);
    if (voice && canRecord()) {
      const holder = recordButton(voice, (file) => void this.add([file]));
      this.pick = holder.querySelector("button");
      return holder;
    }
    const label = this.dataset.label ?? words.addPhoto;
    const mark = icon(voice ? "mic" : "camera");
    const button = make("button", { type: "button", class: "button" }, mark, label);
    button.addEventListener("click", () => this.input.click());
    this.pick = button;
    return button;
  }

  private get max(): number {
    return Number(this.dataset.max ?? 10);
  }

  private async add(files: File[]): Promise<void> {
    this.input.value = "";
    const fresh = files.filter((file) => !this.photos.some((one) => isSame(one.file, file)));
    for (const file of fresh.slice(0, this.max - this.count)) {
      const kind = kindOf(file.type);
      // Place and time are read before the photo is scaled, since scaling drops them.
      const facts = kind === "photo" ? await readFacts(file) : {};
      const photo: Photo = { id: uuid(), file, kind, facts, row: make("li") };
      if (await this.isTooLong(file)) this.refuse(photo, words.filmTooLong(this.filmSeconds));
      this.photos.push(photo);
      this.list.append(photo.row);
      this.draw(photo);
      this.tell(photo);
    }
    void this.run();
  }

  private get filmSeconds(): number {
    return Number(this.dataset.filmSeconds ?? 0);
  }

  private async isTooLong(file: File): Promise<boolean> {
    return this.filmSeconds > 0 && (await lengthOf(file)) > this.filmSeconds + 2;
  }

  private refuse(photo: Photo, reason: string): void {
    photo.refused = true;
    photo.row.dataset.reason = reason;
    void dropPhoto(photo.id);
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
        const reason = (error as Error).message;
        next.failed = !(error instanceof Refusal);
        if (next.failed) next.row.dataset.reason = reason;
        else this.refuse(next, reason);
      }
      this.draw(next);
    }
    this.running = false;
    this.keep();
    this.report();
    window.clearTimeout(this.again);
    if (this.photos.some((photo) => photo.failed)) {
      this.again = window.setTimeout(() => this.retry(), AGAIN);
    }
  }

  private retry(): void {
    for (const photo of this.photos) photo.failed = false;
    void this.run();
  }

  private async send(photo: Photo): Promise<Stored> {
    const blob = await this.scaled(photo);
    const { id, kind, facts, tried } = photo;
    const purpose = this.dataset.purpose ?? "";
    const parcel: Parcel = { id, blob, name: nameOf(photo, blob), purpose, facts, tried };
    photo.stop = new AbortController();
    try {
      const there = await deliver(
        parcel,
        (sent, all) => this.progress(photo, sent, all),
        photo.stop.signal,
      );
      void dropPhoto(photo.id);
      const url = `/files/${there}`;
      return { id: there, url, small: kind === "photo" ? `${url}/small` : null, kind };
    } finally {
      photo.tried = parcel.tried;
    }
  }

  private async scaled(photo: Photo): Promise<Blob> {
    if (photo.small) return photo.small;
    photo.small = photo.kind === "photo" ? await shrink(photo.file) : photo.file;
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
      const kind = kindOf(blob.type);
      const photo: Photo = { id, file, kind, small: blob, facts, row: make("li"), tried: true };
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
    const state = stored
      ? make("p", { class: "small muted" }, words.uploaded)
      : failed || photo.refused
        ? make("p", { class: "small", role: "alert" }, row.dataset.reason || words.failed)
        : make("progress", { max: "1", value: "0", "aria-label": file.name });
    row.replaceChildren(
      photo.refused
        ? make("span", { class: "upload-mark" }, icon("ban"))
        : likeness(photo.kind, file.name, pictureOf(file, stored)),
      make("div", {}, make("span", { class: "small bytes" }, file.name), state, this.sound(photo)),
      make("div", { class: "cluster" }, failed && this.retryButton(), this.removeButton(photo)),
      stored ? hiddenInput(this.dataset.name ?? "files", stored.id) : "",
    );
  }

  /** A recording can be heard again before it is sent. */
  private sound({ kind, file, stored }: Photo): HTMLElement | false {
    return kind === "sound" && make("audio", { controls: true, src: pictureOf(file, stored) });
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
      photo.stop?.abort();
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
    const instead = this.dataset.instead ? this.field(this.dataset.instead) : null;
    if (instead) instead.required = !detail.all;
    this.dispatchEvent(new CustomEvent("thudo:photos", { bubbles: true, detail }));
  }

  private field(name: string): HTMLTextAreaElement | null {
    return this.closest("form")?.querySelector<HTMLTextAreaElement>(`[name="${name}"]`) ?? null;
  }

  // Photos that reached the server survive a reload; the draft form clears this when it is sent.
  private get key(): string | null {
    const form = this.closest<HTMLElement>("draft-form");
    const name = this.dataset.name ?? "files";
    return form ? photosKey(`${form.dataset.draft}${name === "files" ? "" : `:${name}`}`) : null;
  }

  /** Whose photos they are in the device's store; without a draft nobody's. */
  private get owner(): string {
    const form = this.closest<HTMLElement>("draft-form");
    return form?.dataset.draft ? `${form.dataset.draft}:${this.dataset.name ?? "files"}` : "";
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
    const kind = stored.kind ?? (this.dataset.voice ? "sound" : "photo");
    const photo: Photo = { id: stored.id, file, kind, facts: {}, row: make("li"), stored };
    this.photos.push(photo);
    this.list.append(photo.row);
    this.draw(photo);
  }
}

function pictureOf(file: File, stored?: Stored): string {
  return stored && !file.size ? (stored.small ?? stored.url) : preview(file);
}

function hiddenInput(name: string, value: string): HTMLInputElement {
  return make("input", { type: "hidden", name, value });
}

/** Scaling makes JPEG of every photo. */
function nameOf(photo: Photo, sent: Blob): string {
  const isScaled = photo.kind === "photo" && sent.type === "image/jpeg";
  return isScaled ? `${photo.file.name.replace(/\.\w+$/, "")}.jpg` : photo.file.name;
}

function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden store only loses the convenience.
  }
}
