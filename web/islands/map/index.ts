/** The map's own bundle: MapLibre over the city's local layers. Loaded by <city-map>. */
import {
  type GeoJSONSource,
  type LngLatBoundsLike,
  Map as MapLibre,
  Marker,
  setWorkerUrl,
} from "maplibre-gl";
import { icon, json, make, settled, svgElement } from "../dom";
import { words } from "../words";
import { cluster, pin } from "./marks";
import { covers, disc, type Feature, nameOf, type Shape, type Shapes, said } from "./shapes";
import { type Addresses, baseStyle, EMPTY, readInk } from "./style";

const MIN_ZOOM = 9;
const MAX_ZOOM = 19;
// More marks than this are a smear, and slow on a cheap phone: the server clusters before.
const MOST_MARKS = 400;

export function openMap(element: HTMLElement): MapView {
  const worker = document.body.dataset.mapWorker;
  if (worker) setWorkerUrl(new URL(worker, location.href).href);
  return new MapView(element);
}

export type { Feature } from "./shapes";

export class MapView {
  private readonly map: MapLibre;
  private readonly box = make("div");
  private readonly where = make("p", { class: "map-note", role: "status", hidden: true });
  private readonly marks = new Map<string, { marker: Marker; text: string; soft?: Shape }>();
  private readonly addresses: Addresses;
  private start: string;
  private readonly moved = settled(() => void this.refresh(), 120);
  private areas: Shapes = EMPTY as Shapes;
  private run: AbortController | null = null;
  private scheme = matchMedia("(prefers-color-scheme: dark)");

  constructor(private readonly element: HTMLElement) {
    const data = { ...document.body.dataset, ...element.dataset };
    this.addresses = {
      areas: data.areas ?? "/map/areas.geojson",
      // The worker that fetches them knows no address of a page.
      vectors: location.origin + (data.vectors ?? "/map/tiles/{z}/{x}/{y}.mvt"),
      tiles: data.tiles ?? "",
    };
    element.append(this.box);
    const bounds = numbers(data.bounds ?? data.mapBounds, 4);
    const centre = numbers(data.centre ?? data.mapCentre, 2) ?? middle(bounds);
    const given = numbers(`${data.lon},${data.lat}`, 2);
    this.map = new MapLibre({
      container: this.box,
      style: baseStyle(this.addresses, readInk()),
      center: (given ?? centre ?? [0, 0]) as [number, number],
      zoom: Number(data.zoom ?? (given ? 16 : (data.mapZoom ?? 11))),
      minZoom: MIN_ZOOM,
      maxZoom: MAX_ZOOM,
      ...(bounds ? { maxBounds: bounds as unknown as LngLatBoundsLike } : {}),
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      cooperativeGestures: this.isInPage,
      fadeDuration: 0,
      // On the wall the map is enlarged as a whole: draw as many pixels as the screen has.
      pixelRatio: devicePixelRatio * enlarged(element),
      locale: {
        "Map.Title": words.mapLabel,
        "CooperativeGesturesHandler.MobileHelpText": words.twoFingers,
        "CooperativeGesturesHandler.WindowsHelpText": words.twoFingers,
        "CooperativeGesturesHandler.MacHelpText": words.twoFingers,
      },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.start = this.centre;
    this.map.on("moveend", this.moved);
    // Not "load": that waits for every road, and the wards alone already say where this is.
    this.map.once("style.load", () => void this.loadAreas());
    this.addTools(data.credits ?? data.mapCredits ?? "");
    if (this.isPicking) this.addPin();
    this.scheme.addEventListener("change", this.repaint);
    document.addEventListener("thudo:display", this.repaint);
  }

  close(): void {
    this.scheme.removeEventListener("change", this.repaint);
    document.removeEventListener("thudo:display", this.repaint);
    this.map.remove();
  }

  moveTo(lon: number, lat: number, zoom?: number): void {
    this.map.jumpTo({ center: [lon, lat], zoom: zoom ?? this.map.getZoom() });
    // Whoever moves the map there knows the point already, and more exactly than the map does.
    this.start = this.centre;
  }

  /** Adds or changes one mark; a feature outside the view is kept for later. */
  upsert(feature: Feature): void {
    const { id } = feature.properties;
    const text = JSON.stringify(feature);
    const known = this.marks.get(id);
    if (known?.text === text) return;
    known?.marker.remove();
    const isCluster = feature.properties.count !== undefined;
    const element = isCluster ? cluster(feature.properties) : pin(feature.properties);
    if (isCluster) element.addEventListener("click", () => this.enter(feature));
    else element.addEventListener("click", (event) => this.choose(feature, event));
    const marker = new Marker({ element }).setLngLat(feature.geometry.coordinates).addTo(this.map);
    // MapLibre gives every mark the same English name and role.
    element.setAttribute(
      "aria-label",
      feature.properties.label ?? words.cluster(feature.properties.count ?? 0),
    );
    element.removeAttribute("role");
    this.marks.set(id, {
      marker,
      text,
      ...(feature.properties.soft ? { soft: disc(feature) } : {}),
    });
  }

  drop(id: string): void {
    this.marks.get(id)?.marker.remove();
    this.marks.delete(id);
  }

  async refresh(): Promise<void> {
    this.sayWhere();
    if (this.isPicking) this.tellPoint();
    this.run?.abort();
    this.run = new AbortController();
    await Promise.all([this.loadItems(this.run.signal), this.loadPlaces(this.run.signal)]);
  }

  private get isPicking(): boolean {
    return this.element.dataset.mode === "pick";
  }

  /** In a page on the phone one finger scrolls the page, two move the map. */
  private get isInPage(): boolean {
    return (
      !this.isPicking &&
      !this.element.hasAttribute("data-full") &&
      matchMedia("(pointer: coarse)").matches
    );
  }

  private get query(): string {
    const box = this.map.getBounds();
    const sides = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
    return `bbox=${sides.map((side) => side.toFixed(5)).join(",")}&zoom=${this.map.getZoom().toFixed(1)}`;
  }

  private async loadItems(signal: AbortSignal): Promise<void> {
    const url = this.element.dataset.items;
    if (!url) return;
    try {
      const answer = await json<{ features: Feature[] }>(join(url, this.query), { signal });
      this.replace(answer.features.slice(0, MOST_MARKS));
      const event = new CustomEvent("thudo:view", { bubbles: true, detail: this.query });
      this.element.dispatchEvent(event);
    } catch {
      // Moved on, or no network: what is drawn stays.
    }
  }

  private replace(features: Feature[]): void {
    const wanted = new Set(features.map((feature) => feature.properties.id));
    for (const id of [...this.marks.keys()]) if (!wanted.has(id)) this.drop(id);
    for (const feature of features) this.upsert(feature);
    const soft = [...this.marks.values()].flatMap((mark) => mark.soft ?? []);
    this.source("soft")?.setData({ type: "FeatureCollection", features: soft } as never);
  }

  private async loadPlaces(signal: AbortSignal): Promise<void> {
    const url = this.element.dataset.places ?? "/map/places.geojson";
    if (this.addresses.tiles || !url || this.map.getZoom() < 12) return;
    try {
      const found = await json<Shapes>(join(url, this.query), { signal });
      this.source("places")?.setData(found as never);
    } catch {
      // The map orients by wards and water meanwhile.
    }
  }

  private async loadAreas(): Promise<void> {
    try {
      this.areas = await json<Shapes>(this.addresses.areas);
    } catch {
      this.areas = EMPTY as Shapes;
    }
    this.drawAreas();
    void this.refresh();
  }

  private drawAreas(): void {
    this.source("areas")?.setData(this.areas as never);
    this.source("names")?.setData({
      type: "FeatureCollection",
      features: this.areas.features.map(nameOf),
    } as never);
  }

  private source(name: string): GeoJSONSource | undefined {
    return this.map.getSource<GeoJSONSource>(name);
  }

  private repaint = (): void => {
    this.map.setStyle(baseStyle(this.addresses, readInk()));
    this.map.once("styledata", () => {
      this.drawAreas();
      void this.refresh();
    });
  };

  private enter(feature: Feature): void {
    this.map.easeTo({
      center: feature.geometry.coordinates,
      zoom: Math.min(this.map.getZoom() + 2, MAX_ZOOM),
      duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
    });
  }

  /** A page may answer the choice itself (a sheet) by cancelling the event. */
  private choose(feature: Feature, event: Event): void {
    const chosen = new CustomEvent("thudo:chosen", {
      bubbles: true,
      cancelable: true,
      detail: feature,
    });
    if (!this.element.dispatchEvent(chosen)) event.preventDefault();
  }

  /** Close in, the name of an area may lie outside the view: then the corner says where this is. */
  private sayWhere(): void {
    const { lng, lat } = this.map.getCenter();
    const near = this.map.getZoom() >= 12.5;
    const area = near && this.areas.features.find((one) => covers(one, [lng, lat]));
    const isNamed =
      area && this.map.getBounds().contains(nameOf(area).geometry.coordinates as never);
    const lines = [
      area && !isNamed ? said(area.properties.name) : "",
      this.isPicking ? words.moveMap : "",
    ];
    this.where.textContent = lines.filter(Boolean).join(" · ");
    this.where.hidden = !this.where.textContent;
  }

  private get centre(): string {
    const { lng, lat } = this.map.getCenter();
    return `${round(lng)} ${round(lat)}`;
  }

  /** A map that nobody has moved says nothing: where it opened is no place that anybody meant. */
  private tellPoint(): void {
    if (this.centre === this.start) return;
    const { lng, lat } = this.map.getCenter();
    const detail = { lon: round(lng), lat: round(lat) };
    this.element.dispatchEvent(new CustomEvent("thudo:point", { bubbles: true, detail }));
  }

  private addTools(credits: string): void {
    const tool = (name: string, label: string, act: () => void) => {
      const button = make("button", {
        type: "button",
        class: "button button-icon",
        "aria-label": label,
      });
      button.append(icon(name));
      button.addEventListener("click", act);
      return button;
    };
    const tools = make("div", { class: "map-tools" });
    tools.append(
      tool("plus", words.zoomIn, () => this.map.zoomIn()),
      tool("minus", words.zoomOut, () => this.map.zoomOut()),
    );
    if ("geolocation" in navigator)
      tools.append(tool("locate-fixed", words.useMine, () => this.locate()));
    const source = make("details", { class: "map-credits" }, make("summary", {}, credits));
    source.open = this.element.clientWidth > 700;
    this.element.append(tools, source, this.where);
  }

  private locate(): void {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.moveTo(coords.longitude, coords.latitude, 16);
        this.start = "";
      },
      () => {},
      { enableHighAccuracy: true, timeout: 12_000 },
    );
  }

  private addPin(): void {
    const svg = svgElement("svg", {
      class: "map-cross",
      viewBox: "0 0 48 56",
      "aria-hidden": "true",
    });
    svg.append(
      svgElement("circle", { class: "tip", cx: "24", cy: "50", r: "4" }),
      svgElement("path", {
        class: "pin",
        d: "M24 48C15 36 9 29 9 20a15 15 0 0 1 30 0c0 9-6 16-15 28z",
      }),
      svgElement("circle", { class: "eye", cx: "24", cy: "20", r: "5.5" }),
    );
    this.element.append(svg);
  }
}

function numbers(text: string | undefined, count: number): number[] | null {
  const found = (text ?? "")
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number);
  return found.length === count && found.every(Number.isFinite) ? found : null;
}

function middle(bounds: number[] | null): number[] | null {
  if (!bounds) return null;
  const [west, south, east, north] = bounds as [number, number, number, number];
  return [(west + east) / 2, (south + north) / 2];
}

function join(url: string, query: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}${query}`;
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** How much larger than laid out an element stands on the screen (CSS transform). */
function enlarged(element: HTMLElement): number {
  return element.offsetWidth ? element.getBoundingClientRect().width / element.offsetWidth : 1;
}
