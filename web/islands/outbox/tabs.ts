import { uuid } from "../dom";
import { draftKey, photosKey } from "./store";

/**
 * A draft belongs to one page at a time, so that two tabs with the same form never write over each
 * other. Each tab has a draft of its own, "petition~id"; its page holds a Web Lock of that name, and
 * a lock dies with its page however it ends. A tab without a draft takes up the newest that nobody
 * holds. Without Web Locks (a site without HTTPS) a new tab begins with a copy instead.
 */
const tabKey = (name: string) => `thudo:tab:${name}`;

/** The draft of this page for the form `name`; resolves before anything is read or written. */
export async function ownDraft(name: string): Promise<string> {
  const mine = remembered(name);
  const held = await heldDrafts();
  // After a reload the page before may hold it for a moment yet.
  if (mine && (!held || (await hold(mine, held.has(mine) ? 300 : 0)))) return mine;
  for (const draft of drafts(name)) {
    // Of a tab that was doubled, and where nobody can say who holds what, a copy.
    if (!held || draft === mine) return copied(name, draft);
    if (!held.has(draft) && !mine && (await hold(draft))) return remember(name, draft);
  }
  return begun(name);
}

/** A new draft for this tab; the one it had stays where it is. */
export function beginDraft(name: string): string {
  return remember(name, `${name}~${uuid()}`);
}

/** Forgets a draft that was sent, and every copy of it: they carry the same Idempotency-Key. */
export function forgetDraft(name: string): string[] {
  const sent = remembered(name) ?? name;
  const key = read(sent)?.idempotency;
  const copies = drafts(name).filter((draft) => draft === sent || read(draft)?.idempotency === key);
  const gone = [...new Set([sent, ...copies])];
  for (const draft of gone) localStorage.removeItem(draftKey(draft));
  for (const kept of Object.keys(localStorage)) {
    const of = gone.some((one) => kept === photosKey(one) || kept.startsWith(`${photosKey(one)}:`));
    if (of) localStorage.removeItem(kept);
  }
  sessionStorage.removeItem(tabKey(name));
  return gone;
}

interface Kept {
  saved: number;
  idempotency: string;
}

/** All drafts of this form on the device, the newest first. */
function drafts(name: string): string[] {
  const start = draftKey(name);
  return Object.keys(localStorage)
    .filter((key) => key === start || key.startsWith(`${start}~`))
    .map((key) => key.slice(draftKey("").length))
    .sort((one, other) => (read(other)?.saved ?? 0) - (read(one)?.saved ?? 0));
}

function read(draft: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(draftKey(draft)) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

function remembered(name: string): string | null {
  try {
    return sessionStorage.getItem(tabKey(name));
  } catch {
    return null;
  }
}

function remember(name: string, draft: string): string {
  try {
    sessionStorage.setItem(tabKey(name), draft);
  } catch {
    // The draft then lives as long as the page.
  }
  return draft;
}

async function begun(name: string): Promise<string> {
  const draft = beginDraft(name);
  await hold(draft);
  return draft;
}

async function copied(name: string, from: string): Promise<string> {
  const draft = await begun(name);
  const kept = localStorage.getItem(draftKey(from));
  if (kept) localStorage.setItem(draftKey(draft), kept);
  return draft;
}

/** What pages hold now; null where the browser cannot say. */
async function heldDrafts(): Promise<Set<string> | null> {
  try {
    const all = await navigator.locks?.query();
    return all ? new Set((all.held ?? []).map((lock) => lock.name ?? "")) : null;
  } catch {
    return null;
  }
}

/** Holds a draft until the page is left; false where another page has it for `wait` ms and more. */
function hold(draft: string, wait = 0): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true);
  const end = new AbortController();
  const choice = wait ? { signal: end.signal } : { ifAvailable: true };
  return new Promise((settle) => {
    const timer = wait ? setTimeout(() => end.abort(), wait) : 0;
    navigator.locks
      .request(draft, choice, (lock) => {
        clearTimeout(timer);
        settle(lock !== null);
        // A page that holds a lock could not be kept for the way back.
        return lock && new Promise<void>((free) => addEventListener("pagehide", () => free()));
      })
      .catch(() => settle(false));
  });
}
