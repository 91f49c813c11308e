/// <reference lib="webworker" />
declare const self: ServiceWorkerGlobalScope;

/** What the city sends (thudo.notices.queries.telling.Told.payload). */
interface Told {
  id: string;
  title: string;
  body: string;
  url: string;
  tag: string;
  stop: string;
  stopLabel: string;
  lang: string;
}

/** Called once by the service worker: shows what is pushed, opens what is tapped. */
export function listenForPushes(): void {
  self.addEventListener("push", (event) => event.waitUntil(show(event)));
  self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    const told = event.notification.data as Told;
    event.waitUntil(event.action === "stop" ? stop(told) : open(told.url));
  });
  self.addEventListener("pushsubscriptionchange", (event) => {
    (event as ExtendableEvent).waitUntil(move(event as Change));
  });
}

async function show(event: PushEvent): Promise<void> {
  const told = event.data?.json() as Told;
  // A newer one takes the place of an older one of the same topic; doubles of one show once.
  await self.registration.showNotification(told.title, {
    body: told.body,
    tag: told.tag,
    lang: told.lang,
    data: told,
    icon: "/static/app-192.png",
    renotify: true,
    actions: [{ action: "stop", title: told.stopLabel }],
  } as NotificationOptions);
}

/** The page that is open already comes to the front; else a new one opens. */
async function open(path: string): Promise<void> {
  const url = new URL(path, location.origin);
  const pages = await self.clients.matchAll({ type: "window" });
  const page = pages.find((one) => new URL(one.url).pathname.startsWith(url.pathname));
  if (page) await page.focus();
  else await self.clients.openWindow(url.href);
}

/** Stopped at once where there is a network; else the page asks again. */
async function stop(told: Told): Promise<void> {
  const answer = await fetch(told.stop, { method: "POST" }).catch(() => null);
  if (!answer?.ok) await open(told.stop);
}

type Change = ExtendableEvent & {
  oldSubscription?: PushSubscription;
  newSubscription?: PushSubscription;
};

/** The push service gave out another address: the city learns it, or would write to nobody. */
async function move({ oldSubscription: old, newSubscription }: Change): Promise<void> {
  if (!old) return;
  const now = newSubscription ?? (await self.registration.pushManager.subscribe(old.options));
  await fetch("/notices/moves", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ endpoint: old.endpoint, subscription: now.toJSON() }),
  });
}
