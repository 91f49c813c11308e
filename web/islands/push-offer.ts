import { icon, json, make } from "./dom";
import { words } from "./words";

type State = "off" | "on" | "blocked" | "busy" | "failed";

/**
 * <push-offer data-topic data-grant>: "tell me when there is news", by Web Push to this device.
 * Asks for nothing before a tap. Without a script, or where a browser cannot, it says why and the
 * page stays as useful as it was. Its states: not supported, HTTPS needed, blocked, off, on.
 */
export class PushOffer extends HTMLElement {
  private note = make("p", { class: "hint", role: "status" });

  connectedCallback(): void {
    if (this.childElementCount) return;
    const missing = hindrance();
    if (missing) this.replaceChildren(make("p", { class: "hint" }, missing));
    else void this.look();
  }

  private async look(): Promise<void> {
    if (Notification.permission === "denied") return this.draw("blocked");
    this.draw("off");
    const known = await subscription().catch(() => null);
    if (!known || Notification.permission !== "granted") return;
    const { topics } = await post<{ topics: string[] }>("lookups", { endpoint: known.endpoint });
    if (topics.includes(this.topic)) this.draw("on");
  }

  private draw(state: State): void {
    this.dataset.state = state;
    const button = {
      off: () => this.button("bell", words.pushOn, () => void this.begin()),
      failed: () => this.button("bell", words.pushOn, () => void this.begin()),
      on: () => this.button("x", words.pushOff, () => void this.end()),
      busy: () => this.button("bell", words.pushBusy, () => undefined),
      blocked: () => null,
    }[state]();
    if (button) button.disabled = state === "busy";
    const told = { off: "", busy: "", on: words.pushIsOn, blocked: words.pushBlocked };
    this.note.textContent = state === "failed" ? words.pushFailed : told[state];
    const kept = this.contains(document.activeElement);
    this.replaceChildren(...(button ? [button] : []), this.note);
    if (kept) button?.focus();
  }

  private button(mark: string, text: string, act: () => void): HTMLButtonElement {
    const button = make("button", { type: "button", class: "button" }, icon(mark), text);
    button.addEventListener("click", act);
    return button;
  }

  private async begin(): Promise<void> {
    // First of all, while the tap still counts: Safari asks only then.
    const answer = await Notification.requestPermission();
    if (answer !== "granted") return this.draw(answer === "denied" ? "blocked" : "off");
    this.draw("busy");
    try {
      const mine = await subscribe();
      const { topic } = this;
      await post("follows", {
        subscription: mine.toJSON(),
        topic,
        grant: this.dataset.grant ?? "",
      });
      this.draw("on");
    } catch {
      this.draw("failed");
    }
  }

  private async end(): Promise<void> {
    this.draw("busy");
    try {
      const known = await subscription();
      if (known) await post("follows/endings", { endpoint: known.endpoint, topic: this.topic });
      this.draw("off");
    } catch {
      this.draw("on");
      this.note.textContent = words.pushFailed;
    }
  }

  private get topic(): string {
    return this.dataset.topic ?? "";
  }
}

/** Why this browser cannot, in a sentence that says what would help; "" when it can. */
function hindrance(): string {
  if (!window.isSecureContext) return words.pushNeedsHttps;
  const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (can) return "";
  // iPhones give it only to a site on the home screen.
  return /iPhone|iPad/.test(navigator.userAgent) ? words.pushHomeScreen : words.pushUnsupported;
}

async function subscription(): Promise<PushSubscription | null> {
  const worker = await navigator.serviceWorker.getRegistration();
  return (await worker?.pushManager.getSubscription()) ?? null;
}

/** The device's subscription to our key; one to another key (a new server) is replaced. */
async function subscribe(): Promise<PushSubscription> {
  const { key } = await json<{ key: string }>("/notices/key");
  const ours = bytes(key);
  const worker = await navigator.serviceWorker.ready;
  const known = await worker.pushManager.getSubscription();
  if (known && isSame(known.options.applicationServerKey, ours)) return known;
  await known?.unsubscribe();
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: ours });
}

async function post<T>(noun: string, body: object): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  return json<T>(`/notices/${noun}`, { method: "POST", headers, body: JSON.stringify(body) });
}

function bytes(key: string): Uint8Array<ArrayBuffer> {
  const plain = atob(key.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function isSame(known: ArrayBuffer | null, ours: Uint8Array): boolean {
  if (!known) return false;
  const other = new Uint8Array(known);
  return other.length === ours.length && other.every((byte, at) => byte === ours[at]);
}
