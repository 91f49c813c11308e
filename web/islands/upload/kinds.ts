import { icon, make } from "../dom";

/** How a file is shown: as the server says it of one that is there (`kind` of POST /files/). */
export type Kind = "photo" | "film" | "sound" | "document";

export function kindOf(type: string): Kind {
  if (type.startsWith("image/")) return "photo";
  if (type.startsWith("video/")) return "film";
  return type.startsWith("audio/") ? "sound" : "document";
}

/** A small likeness of a file beside its name; a recording can be heard before it is sent. */
export function likeness(kind: Kind, name: string, src: string): HTMLElement {
  const mark = { photo: "paperclip", film: "video", sound: "mic", document: "file-text" }[kind];
  const sign = make("span", { class: "upload-mark" }, icon(mark));
  if (kind !== "photo") return sign;
  const picture = make("img", { alt: name, src });
  // What kind of file an earlier version stored is not known here.
  picture.addEventListener("error", () => picture.replaceWith(sign));
  return picture;
}

/** Seconds of a film or a recording; 0 where this browser cannot tell. */
export function lengthOf(file: File): Promise<number> {
  const kind = kindOf(file.type);
  if (kind !== "film") return Promise.resolve(0);
  const film = make("video", { preload: "metadata" });
  const src = URL.createObjectURL(file);
  return new Promise<number>((resolve) => {
    film.addEventListener("loadedmetadata", () => resolve(film.duration));
    film.addEventListener("error", () => resolve(0));
    setTimeout(() => resolve(0), 3000);
    film.src = src;
  }).finally(() => URL.revokeObjectURL(src));
}

/** The same file chosen twice is sent once. */
export function isSame(one: File, other: File): boolean {
  const is = one.name === other.name && one.size === other.size;
  return is && one.lastModified === other.lastModified && one.size > 0;
}

const previews = new WeakMap<File, string>();

export function preview(file: File): string {
  const known = previews.get(file) ?? URL.createObjectURL(file);
  previews.set(file, known);
  return known;
}

export function kilobytes(bytes: number): string {
  return Math.ceil(bytes / 1024).toLocaleString(document.documentElement.lang);
}
