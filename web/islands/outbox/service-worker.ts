/// <reference lib="webworker" />
import { sendWaiting } from "./post";
import { listenForPushes } from "./push";

/** Put in front by the server: which files make the shell, and the pages that open without a network. */
declare const thudoShell: { version: string; files: string[]; pages: string[]; offline: string };
declare const self: ServiceWorkerGlobalScope;

const SHELL = `thudo-${thudoShell.version}`;
const PATIENCE = 6000;

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (thudoShell.files.includes(url.pathname)) event.respondWith(fromShell(request));
  else if (request.mode === "navigate") event.respondWith(page(request, url));
});

// Where the browser offers it (Chromium), what waits is sent even when no page is open.
self.addEventListener("sync", (event) => {
  const sync = event as ExtendableEvent & { tag: string };
  if (sync.tag === "thudo-outbox") sync.waitUntil(sendOrFail());
});

listenForPushes();

async function sendOrFail(): Promise<void> {
  // A rejection tells the browser to call again.
  if (await sendWaiting(cookieToken)) throw new Error("still waiting");
}

async function cookieToken(): Promise<string> {
  const jar = (self as unknown as { cookieStore?: CookieJar }).cookieStore;
  return (await jar?.get("csrftoken"))?.value ?? "";
}

interface CookieJar {
  get(name: string): Promise<{ value: string } | null>;
}

async function fill(): Promise<void> {
  const shell = await caches.open(SHELL);
  await shell.addAll(thudoShell.files);
  // Without cookies: nobody's name must stand on a page that is kept.
  const pages = [...thudoShell.pages, thudoShell.offline];
  await shell.addAll(pages.map((path) => new Request(path, { credentials: "omit" })));
}

async function dropOld(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("thudo-") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function fromShell(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** From the network while it answers; else the kept page, else one that says what still works. */
async function page(request: Request, url: URL): Promise<Response> {
  const kept = thudoShell.pages.includes(url.pathname) ? await caches.match(url.pathname) : null;
  try {
    return await (kept ? within(fetch(request), PATIENCE) : fetch(request));
  } catch {
    return kept ?? (await caches.match(thudoShell.offline)) ?? Response.error();
  }
}

function within<T>(work: Promise<T>, wait: number): Promise<T> {
  return Promise.race([
    work,
    new Promise<T>((_, reject) => setTimeout(() => reject(new Error("slow")), wait)),
  ]);
}
