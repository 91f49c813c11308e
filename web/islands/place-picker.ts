import type { CityMap } from "./city-map";
import { icon, json, make, settled } from "./dom";
import type { PhotoFacts } from "./exif";
import type { FoundPlace } from "./service-suggest";
import { words } from "./words";

/** One candidate of GET /places; without a point it only narrows the search. */
export interface Place {
  label: string;
  detail?: string;
  lon: number | null;
  lat: number | null;
  area?: string | null;
}

/**
 * <place-picker data-url="/places"> around <input name="place"> (works without a script: the
 * server reads the text) and, if given, hidden inputs lon and lat (else they are made).
 * Adds: candidates while typing (ARIA combobox), the device's position, the place a photo was
 * taken, and a map on demand. Sends "thudo:place" {lon, lat, label} (bubbling) on every choice.
 */
export class PlacePicker extends HTMLElement {
  private input!: HTMLInputElement;
  private list = make("ul", { class: "combo-list", role: "listbox", hidden: true });
  private note = make("p", { class: "hint", role: "status" });
  private tools = make("div", { class: "cluster" });
  private near = make("div", { class: "cluster place-near", role: "group", hidden: true });
  private map: CityMap | null = null;
  private places: Place[] = [];
  private active = -1;
  private run: AbortController | null = null;
  private search = settled(() => void this.find({ q: this.input.value.trim() }), 180);

  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>("input:not([type=hidden])");
    if (!input || this.contains(this.list)) return;
    this.input = input;
    this.dress();
    this.addTools();
    input.addEventListener("input", () => {
      this.forget();
      this.search();
    });
    input.addEventListener("keydown", (event) => this.keys(event));
    input.addEventListener("blur", () => window.setTimeout(() => this.close(), 150));
    const form = this.closest("form");
    form?.addEventListener("thudo:photo-place", (event) =>
      this.offerPhotoPlace((event as CustomEvent<PhotoFacts>).detail),
    );
    form?.addEventListener("thudo:found-place", (event) =>
      this.offerTextPlace((event as CustomEvent<FoundPlace | null>).detail),
    );
  }

  private dress(): void {
    const id = `${this.input.id || "place"}-list`;
    this.list.id = id;
    this.list.setAttribute("aria-label", this.input.labels?.[0]?.textContent?.trim() ?? "");
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": id,
    })) {
      this.input.setAttribute(name, value);
    }
    const frame = make("div", { class: "combo" });
    this.input.replaceWith(frame);
    frame.append(this.input, this.list);
    this.secret("lon");
    this.secret("lat");
  }

  private addTools(): void {
    const mine = make("button", { type: "button", class: "button" }, icon("locate-fixed"));
    mine.append(words.useMine);
    mine.addEventListener("click", () => this.locate());
    mine.hidden = !("geolocation" in navigator);
    const open = make("button", { type: "button", class: "button", "aria-expanded": "false" });
    open.append(icon("map"), words.pointOnMap);
    open.addEventListener("click", () => this.toggleMap(open));
    this.tools.append(mine, open);
    this.near.setAttribute("aria-label", words.nearBy);
    // Above the input: most people stand where it is, and the candidates cover what is below.
    this.prepend(this.tools);
    this.append(this.near, this.note);
    // Where there is room beside the form the map stands there from the start.
    if (this.dataset.map === "wide" && matchMedia("(min-width: 1024px)").matches) {
      this.toggleMap(open);
    }
  }

  private async find(query: { q: string; lon?: string; lat?: string }): Promise<void> {
    if (query.q.length < 2) {
      this.close();
      return;
    }
    this.run?.abort();
    this.run = new AbortController();
    const url = `${this.dataset.url ?? "/places"}?${new URLSearchParams(query)}`;
    try {
      const found = await json<{ places: Place[] }>(url, { signal: this.run.signal });
      this.places = found.places;
      this.open();
    } catch (error) {
      if ((error as Error).name !== "AbortError") this.close();
    }
  }

  private open(): void {
    this.active = -1;
    this.list.replaceChildren(...this.places.map((place, row) => this.option(place, row)));
    this.list.hidden = !this.places.length;
    this.input.setAttribute("aria-expanded", String(this.places.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    this.note.textContent = this.places.length
      ? words.results(this.places.length)
      : words.noResults;
  }

  private option(place: Place, row: number): HTMLLIElement {
    const item = make("li", { role: "option", id: `${this.list.id}-${row}` }, place.label);
    if (place.detail) item.append(make("small", { class: "small" }, place.detail));
    item.setAttribute("aria-selected", "false");
    item.addEventListener("pointerdown", (event) => event.preventDefault());
    item.addEventListener("click", () => this.choose(place));
    return item;
  }

  private keys(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (this.list.hidden) {
      // Enter on a slow network looks the place up; it must not send half a form.
      if (event.code.endsWith("Enter") && this.input.value && !this.value("lon")) {
        event.preventDefault();
        this.search();
      }
      return;
    }
    const last = this.places.length - 1;
    const next = {
      ArrowDown: this.active >= last ? 0 : this.active + 1,
      ArrowUp: this.active <= 0 ? last : this.active - 1,
    }[event.code];
    if (next !== undefined) {
      event.preventDefault();
      this.point(next);
    } else if (event.code === "Escape") this.close();
    else if (event.code === "Enter" || event.code === "NumpadEnter") {
      event.preventDefault(); // Enter chooses; it must not send the form.
      const place = this.places[this.active] ?? this.surest();
      if (place) this.choose(place);
      else this.close(); // What was typed stays; a wrong guess would send a crew elsewhere.
    }
  }

  /** The first candidate, if it holds every word that was typed. */
  private surest(): Place | undefined {
    const [first] = this.places;
    const told = plain(first ? said(first) : "").split(" ");
    return plain(this.input.value)
      .split(" ")
      .every((word) => told.includes(word))
      ? first
      : undefined;
  }

  private point(row: number): void {
    this.active = row;
    [...this.list.children].forEach((item, at) => {
      item.setAttribute("aria-selected", String(at === row));
      if (at === row) item.scrollIntoView({ block: "nearest" });
    });
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${row}`);
  }

  private choose(place: Place): void {
    this.close();
    this.input.value = said(place);
    if (place.lon === null || place.lat === null) {
      this.note.textContent = words.moveMap;
      const open = this.tools.querySelector<HTMLButtonElement>("[aria-expanded=false]");
      if (open) this.toggleMap(open);
      return;
    }
    this.note.textContent = "";
    this.put(place.lon, place.lat, "search");
    void this.map?.moveTo(place.lon, place.lat, 17);
  }

  /** Where the device stands. */
  private locate(): void {
    this.note.textContent = words.locating;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.arrive(coords.longitude, coords.latitude, "device"),
      () => {
        this.note.textContent = words.noPosition;
      },
      { enableHighAccuracy: true, timeout: 12_000, maximumAge: 30_000 },
    );
  }

  private offerPhotoPlace(facts: PhotoFacts): void {
    if (facts.lon === undefined || facts.lat === undefined || this.value("lon")) return;
    if (this.tools.querySelector("[data-photo-place]")) return;
    const { lon, lat } = facts;
    const button = make("button", { type: "button", class: "button", "data-photo-place": true });
    button.append(icon("camera"), words.usePhotoPlace);
    button.addEventListener("click", () => {
      button.remove();
      this.arrive(lon, lat, "photo");
    });
    this.tools.prepend(button);
    this.note.textContent = words.photoPlace;
  }

  /** The place that the petition's text names, as a pin to confirm. */
  private offerTextPlace(place: FoundPlace | null): void {
    this.tools.querySelector("[data-text-place]")?.remove();
    if (!place || this.value("lon") || this.input.value) return;
    const button = make("button", { type: "button", class: "button", "data-text-place": true });
    button.append(icon("map-pin"), place.offer);
    button.addEventListener("click", () => {
      button.remove();
      this.write(place.label);
      this.put(place.lon, place.lat, "text");
      void this.map?.moveTo(place.lon, place.lat, 17);
    });
    this.tools.prepend(button);
  }

  private arrive(lon: number, lat: number, source: string): void {
    this.note.textContent = "";
    this.put(lon, lat, source);
    void this.map?.moveTo(lon, lat, 17);
    void this.name(lon, lat);
  }

  /** The point in words, or in figures while there are none; what a person typed stays. */
  private async name(lon: number, lat: number): Promise<void> {
    if (this.input.value && this.input.dataset.coordinates === undefined) return;
    const [x, y] = [lon.toFixed(5), lat.toFixed(5)];
    this.write(this.input.dataset.coordinates || `${y}, ${x}`);
    this.run?.abort();
    const run = new AbortController();
    this.run = run;
    const url = `${this.dataset.url ?? "/places"}?${new URLSearchParams({ lon: x, lat: y })}`;
    let words = `${y}, ${x}`;
    try {
      const { places } = await json<{ places: Place[] }>(url, { signal: run.signal });
      words = places[0] ? said(places[0]) : words;
      this.offerNear(places.slice(0, 3));
    } catch {
      // Without a network the figures still say where it is.
    }
    if (run.signal.aborted) return;
    this.write(words);
    this.input.dispatchEvent(new Event("change", { bubbles: true })); // for the draft
  }

  /** Other words for the same point: which of the nearest names an officer would look for. */
  private offerNear(places: Place[]): void {
    const buttons = places.map((place, row) => {
      const button = make("button", { type: "button", class: "chip chip-button" }, place.label);
      button.setAttribute("aria-pressed", String(row === 0));
      button.addEventListener("click", () => {
        for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
        this.write(said(place));
        this.input.dispatchEvent(new Event("change", { bubbles: true }));
      });
      return button;
    });
    this.near.replaceChildren(...buttons);
    this.near.hidden = places.length < 2;
  }

  /** Marked as not typed, so that the next point may replace it. */
  private write(words: string): void {
    this.input.value = words;
    this.input.dataset.coordinates = words;
  }

  private toggleMap(button: HTMLButtonElement): void {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    button.replaceChildren(icon("map"), open ? words.closeMap : words.pointOnMap);
    if (open && !this.map) this.map = this.makeMap();
    if (this.map) this.map.hidden = !open;
  }

  private makeMap(): CityMap {
    const map = make("city-map" as "div", { "data-mode": "pick" }) as unknown as CityMap;
    for (const name of ["lon", "lat"] as const) {
      if (this.value(name)) map.dataset[name] = this.value(name);
    }
    map.addEventListener("thudo:point", (event) => {
      const { lon, lat } = (event as CustomEvent<{ lon: number; lat: number }>).detail;
      this.put(lon, lat, "map");
      void this.name(lon, lat);
    });
    this.append(map);
    return map;
  }

  private put(lon: number, lat: number, source: string): void {
    this.secret("lon").value = lon.toFixed(6);
    this.secret("lat").value = lat.toFixed(6);
    const from = this.field("place_source");
    if (from) from.value = source;
    const detail = { lon, lat, label: this.input.value };
    this.dispatchEvent(new CustomEvent("thudo:place", { bubbles: true, detail }));
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Typing again means another place: an old point must not travel under a new name. */
  private forget(): void {
    this.run?.abort();
    this.near.hidden = true;
    delete this.input.dataset.coordinates;
    this.secret("lon").value = "";
    this.secret("lat").value = "";
  }

  private close(): void {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  private value(name: "lon" | "lat"): string {
    return this.secret(name).value;
  }

  private field(name: string): HTMLInputElement | null {
    return (
      this.querySelector<HTMLInputElement>(`input[name=${name}]`) ??
      this.closest("form")?.querySelector<HTMLInputElement>(`input[name=${name}]`) ??
      null
    );
  }

  private secret(name: "lon" | "lat"): HTMLInputElement {
    const known = this.field(name);
    if (known) return known;
    const input = make("input", { type: "hidden", name });
    this.append(input);
    return input;
  }
}

/** Words as a phone without accents types them. */
function plain(text: string): string {
  const bare = text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d");
  return bare.replace(/[^a-z0-9/]+/g, " ").trim();
}

function said(place: Place): string {
  return place.detail ? `${place.label}, ${place.detail}` : place.label;
}
