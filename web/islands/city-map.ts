import type { Feature, MapView } from "./map/index";
import { words } from "./words";

/** The first sign that somebody uses the page. */
const USED = ["pointerdown", "touchstart", "scroll", "keydown"] as const;

/**
 * <city-map data-mode="show|pick"> loads the map's own bundle when it comes into view.
 * show: data-items="/address" answers GeoJSON for ?bbox=w,s,e,n&zoom=z: points with properties
 *   {id, state, label, href, soft} or clusters {count, shares: {ok: 3, late: 1}, label}.
 * pick: the map moves under a fixed pin; "thudo:point" {lon, lat} after every move.
 * data-wait: on a phone only once the page is used.
 * Base layers: data-areas, data-vectors, data-places (defaults under /map/), or
 * data-tiles (a raster tile address, also from <body data-tiles>). data-bounds, data-centre and
 * data-credits default to those of <body>. Its children stay when no map can be drawn.
 * Methods: upsert(feature), drop(id), moveTo(lon, lat, zoom), refresh().
 */
export class CityMap extends HTMLElement {
  private view: Promise<MapView> | null = null;
  private watch: IntersectionObserver | null = null;

  connectedCallback(): void {
    // On a phone's page that is not about the map, it waits for the first touch: half a megabyte
    // and a second of work for what may never be looked at. A still picture stands there.
    if (this.dataset.wait !== undefined && matchMedia("(max-width: 767px)").matches) {
      for (const name of USED) addEventListener(name, this.begin, { once: true, passive: true });
    } else this.begin();
  }

  private begin = (): void => {
    if (this.watch || !this.isConnected) return;
    this.watch = new IntersectionObserver((seen) => {
      if (seen.some((one) => one.isIntersecting)) void this.load();
    });
    this.watch.observe(this);
  };

  disconnectedCallback(): void {
    this.watch?.disconnect();
    void this.view?.then((view) => view.close()).catch(() => {});
    this.view = null;
  }

  async upsert(feature: Feature): Promise<void> {
    (await this.view)?.upsert(feature);
  }

  async drop(id: string): Promise<void> {
    (await this.view)?.drop(id);
  }

  async refresh(): Promise<void> {
    (await this.view)?.refresh();
  }

  async moveTo(lon: number, lat: number, zoom?: number): Promise<void> {
    this.dataset.lon = String(lon);
    this.dataset.lat = String(lat);
    (await this.view)?.moveTo(lon, lat, zoom);
  }

  private load(): Promise<void> {
    this.watch?.disconnect();
    this.view ??= open(this);
    return this.view.then(
      () => this.dispatchEvent(new CustomEvent("thudo:map", { bubbles: true })),
      () => this.fail(),
    ) as Promise<void>;
  }

  private fail(): void {
    this.view = null;
    const note = this.querySelector(".map-fallback") ?? document.createElement("p");
    note.className = "map-fallback";
    note.textContent = words.mapFailed;
    this.append(note);
  }
}

async function open(element: HTMLElement): Promise<MapView> {
  const address = document.body.dataset.mapJs ?? "";
  const module = (await import(address)) as typeof import("./map/index");
  return module.openMap(element);
}
