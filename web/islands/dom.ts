/** Small hands that every island uses. */

type Child = Node | string | null | undefined | false;

/** An element with attributes (true: present, false: absent) and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

/** An icon of the sprite, as the template tag `icon` draws it. */
export function icon(name: string): SVGSVGElement {
  const svg = svgElement("svg", { class: "icon", "aria-hidden": "true" });
  svg.append(svgElement("use", { href: `${document.body.dataset.icons}#${name}` }));
  return svg;
}

export function svgElement<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/**
 * The token of the cookie, else of the island, else of any form of the page. The cookie first: a
 * page that was kept for the time without a network carries an old one.
 */
export function csrfToken(near?: HTMLElement): string {
  const cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  const field = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
  return cookie ?? near?.dataset.csrf ?? field?.value ?? "";
}

/** JSON from this site; rejects with the answer's own sentence when it is a refusal. */
export async function json<T>(url: string, options: RequestInit = {}): Promise<T> {
  const headers = new Headers(options.headers);
  headers.set("Accept", "application/json");
  const answer = await fetch(url, { credentials: "same-origin", ...options, headers });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.title ?? body.detail ?? String(answer.status));
  return body as T;
}

/** AbortSignal.timeout is missing in older Safari. */
export function deadline(wait: number): AbortSignal {
  const end = new AbortController();
  setTimeout(() => end.abort(), wait);
  return end.signal;
}

/** Calls `act` when `wait` milliseconds have passed without another call. */
export function settled<A extends unknown[]>(act: (...args: A) => void, wait: number) {
  let timer = 0;
  return (...args: A) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => act(...args), wait);
  };
}

/** Hour and minute of the city, whatever the device's zone: they stand beside promised instants. */
export function hour(at: Date): string {
  return at.toLocaleTimeString("vi", {
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
    timeZone: document.body.dataset.zone || undefined,
  });
}

/** An island is defined once, however often the bundle runs. */
export function define(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}

/** A random id (UUID version 4); crypto.randomUUID is missing where a site has no HTTPS. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 15) | 64;
  bytes[8] = ((bytes[8] ?? 0) & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
