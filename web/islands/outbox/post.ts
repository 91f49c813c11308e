import { deadline, uuid } from "../dom";
import { deliver, Refusal } from "../upload/tus";
import { dropLetter, type Letter, letters, putLetter } from "./store";

const SLOWEST = 60_000;

/** Told to every open page: the outbox has changed. */
export const NEWS = "thudo-outbox";

/**
 * Sends what waits, one after the other, photos first; how many are left. One tab or worker at a
 * time: a second one that comes in between finds nothing to do.
 */
export async function sendWaiting(token: () => Promise<string>): Promise<number> {
  // A site without HTTPS has no locks, and no worker beside the page either.
  if (!navigator.locks) return sendAll(token);
  return navigator.locks.request("thudo-outbox", { ifAvailable: true }, async (lock) =>
    lock ? sendAll(token) : (await waiting()).length,
  );
}

async function waiting(): Promise<Letter[]> {
  return (await letters()).filter((letter) => letter.state === "waiting");
}

async function sendAll(token: () => Promise<string>): Promise<number> {
  const all = await waiting();
  for (const [done, letter] of all.entries()) {
    try {
      await send(letter, await token());
    } catch {
      return all.length - done;
    } finally {
      tellPages();
    }
  }
  return 0;
}

function tellPages(): void {
  const channel = new BroadcastChannel(NEWS);
  channel.postMessage("changed");
  channel.close();
}

/** Throws while the network or the server is away; what the server refuses comes back to its writer. */
async function send(letter: Letter, token: string): Promise<void> {
  while (letter.photos.length) {
    const [photo, ...rest] = letter.photos;
    if (!photo) break;
    // Letters of an earlier version have no ids for their photos.
    photo.id ??= uuid();
    await putLetter(letter);
    // It may have been begun on the page, or by a worker that was stopped. The outbox itself
    // tries again later.
    const parcel = { ...photo, tried: true };
    try {
      letter.fields.push([photo.field, await deliver(parcel, undefined, undefined, [])]);
    } catch (error) {
      // A photo that is not taken must not keep the words back.
      if (!(error instanceof Refusal)) throw error;
    }
    letter.photos = rest;
    await putLetter(letter); // What has arrived is not sent again.
  }
  const body = new FormData();
  for (const [name, value] of letter.fields) body.append(name, value);
  const answer = await post(letter.action, body, token, "text/html", letter.id);
  const isSent = answer.redirected && answer.ok;
  letter.state = isSent ? "sent" : "refused";
  letter.url = isSent ? answer.url : "";
  letter.at = Date.now();
  await putLetter(letter);
}

async function post(
  url: string,
  body: FormData,
  token: string,
  accept: string,
  key = "",
): Promise<Response> {
  const headers: Record<string, string> = { Accept: accept, "X-CSRFToken": token };
  if (key) headers["Idempotency-Key"] = key;
  const signal = deadline(SLOWEST);
  const options = { method: "POST", body, headers, credentials: "same-origin", signal } as const;
  const answer = await fetch(url, options);
  if (answer.status >= 500 || answer.status === 403 || answer.status === 429) {
    throw new Error(String(answer.status));
  }
  return answer;
}

/** Letters that were sent a week ago need no line any more. */
export async function forgetOld(): Promise<void> {
  for (const letter of await letters()) {
    if (letter.state === "sent" && Date.now() - (letter.at ?? 0) > 7 * 24 * 3600 * 1000) {
      await dropLetter(letter.id);
    }
  }
}
