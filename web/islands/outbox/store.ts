import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { PhotoFacts } from "../exif";
import type { Parcel } from "../upload/tus";

/** A photo that has not reached the server: scaled already, its camera's facts beside it. */
export interface KeptPhoto {
  id: string;
  /** Draft and field it belongs to, "petition:files". */
  owner: string;
  name: string;
  blob: Blob;
  facts: PhotoFacts;
  purpose: string;
}

/**
 * A form that was sent without a network. `id` is its Idempotency-Key, so that however often and
 * from whatever tab it travels, it is filed once.
 */
export interface Letter {
  id: string;
  action: string;
  fields: [string, string][];
  /** What had not arrived, or not wholly; each with the field that its id goes into. */
  photos: (Parcel & { field: string })[];
  written: number;
  state: "waiting" | "sent" | "refused";
  /** Of a sent one: its page. */
  url?: string;
  at?: number;
}

/** Where a draft's fields lie in localStorage, and those of its photos that have arrived. */
export const draftKey = (name: string) => `thudo:draft:${name}`;
export const photosKey = (name: string) => `thudo:photos:${name}`;

interface Schema extends DBSchema {
  photos: { key: string; value: KeptPhoto; indexes: { owner: string } };
  outbox: { key: string; value: Letter };
}

let opened: Promise<IDBPDatabase<Schema>> | null = null;

/** The device's store; rejects where the browser forbids one (private windows of some). */
export function store(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>("thudo", 1, {
    upgrade(database) {
      database.createObjectStore("photos", { keyPath: "id" }).createIndex("owner", "owner");
      database.createObjectStore("outbox", { keyPath: "id" });
    },
  });
  opened.catch(() => {
    opened = null;
  });
  return opened;
}

export async function keptPhotos(owner: string): Promise<KeptPhoto[]> {
  try {
    return await (await store()).getAllFromIndex("photos", "owner", owner);
  } catch {
    return [];
  }
}

export async function keepPhoto(photo: KeptPhoto): Promise<void> {
  try {
    await (await store()).put("photos", photo);
  } catch {
    // Without a store the photo lives as long as the page.
  }
}

export async function dropPhoto(id: string): Promise<void> {
  try {
    await (await store()).delete("photos", id);
  } catch {
    // It was never kept.
  }
}

/** All photos of a draft, whatever their field. */
export async function dropPhotos(draft: string): Promise<void> {
  try {
    const database = await store();
    for (const key of await database.getAllKeys("photos")) {
      const photo = await database.get("photos", key);
      if (photo?.owner.startsWith(`${draft}:`)) await database.delete("photos", key);
    }
  } catch {
    // They were never kept.
  }
}

export async function letters(): Promise<Letter[]> {
  try {
    const all = await (await store()).getAll("outbox");
    return all.sort((one, other) => one.written - other.written);
  } catch {
    return [];
  }
}

export async function putLetter(letter: Letter): Promise<void> {
  await (await store()).put("outbox", letter);
}

export async function dropLetter(id: string): Promise<void> {
  await (await store()).delete("outbox", id);
}
