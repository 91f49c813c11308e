/** The base map: paper ground, water, roads, ward names. No other colour, so marks alone speak. */
import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";

export interface Addresses {
  areas: string;
  /** Tiles of roads and water drawn here, {z}/{x}/{y}. */
  vectors: string;
  /** A raster map that replaces them; "" for none. */
  tiles: string;
}

export interface Ink {
  ground: string;
  road: string;
  water: string;
  line: string;
  edge: string;
  muted: string;
  brand: string;
}

// Be Vietnam Pro is on the page already; without a glyphs address MapLibre draws text with it.
const FONT = ["Be Vietnam Pro"];
export const EMPTY = { type: "FeatureCollection" as const, features: [] };

export function readInk(): Ink {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ground: token("sunk"),
    road: token("road"),
    water: token("water"),
    line: token("line"),
    edge: token("edge"),
    muted: token("muted"),
    brand: token("brand"),
  };
}

export function baseStyle(addresses: Addresses, ink: Ink): StyleSpecification {
  const ground: LayerSpecification = {
    id: "ground",
    type: "background",
    paint: { "background-color": ink.ground },
  };
  const layers = addresses.tiles ? [rasterLayer()] : drawnLayers(ink);
  return {
    version: 8,
    sources: { ...sources(addresses), places: geojson(), names: geojson(), soft: geojson() },
    layers: [ground, ...layers, ...labelLayers(ink, Boolean(addresses.tiles)), softLayer(ink)],
  };
}

function sources(addresses: Addresses): Record<string, SourceSpecification> {
  const areas = geojson();
  if (addresses.tiles) {
    return { areas, tiles: { type: "raster", tiles: [addresses.tiles], tileSize: 256 } };
  }
  return {
    areas,
    base: { type: "vector", tiles: [addresses.vectors], minzoom: 9, maxzoom: 14 },
  };
}

function geojson(): SourceSpecification {
  return { type: "geojson", data: EMPTY };
}

function rasterLayer(): LayerSpecification {
  return { id: "tiles", type: "raster", source: "tiles", paint: { "raster-saturation": -0.7 } };
}

const MAIN = ["trunk", "motorway", "primary", "secondary", "tertiary"];

function drawnLayers(ink: Ink): LayerSpecification[] {
  const road = ["coalesce", ["get", "class"], ["get", "highway"], "street"];
  const isMain = ["in", road, ["literal", MAIN]];
  return [
    {
      id: "water-fill",
      type: "fill",
      source: "base",
      "source-layer": "water",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": ink.water },
    },
    {
      id: "water-line",
      type: "line",
      source: "base",
      "source-layer": "water",
      filter: ["==", ["geometry-type"], "LineString"],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": ink.water,
        "line-width": ["interpolate", ["linear"], ["zoom"], 9, 1.5, 13, 4, 17, 10],
      },
    },
    {
      id: "areas-line",
      type: "line",
      source: "areas",
      paint: {
        "line-color": ink.edge,
        "line-opacity": ["interpolate", ["linear"], ["zoom"], 9, 0.35, 14, 0.6],
        "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.5, 14, 1.25],
        "line-dasharray": [3, 2],
      },
    },
    {
      id: "roads-small",
      type: "line",
      source: "base",
      "source-layer": "roads",
      minzoom: 13,
      filter: ["!", isMain] as never,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": ink.road,
        "line-width": ["interpolate", ["linear"], ["zoom"], 13, 0.75, 16, 3, 19, 14],
      },
    },
    {
      id: "roads-main",
      type: "line",
      source: "base",
      "source-layer": "roads",
      minzoom: 10,
      filter: isMain as never,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": ink.road,
        "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0.75, 13, 2.5, 16, 7, 19, 22],
      },
    },
  ];
}

function labelLayers(ink: Ink, onTiles: boolean): LayerSpecification[] {
  const halo = { "text-color": ink.muted, "text-halo-color": ink.ground, "text-halo-width": 1.5 };
  const wards: LayerSpecification = {
    id: "names",
    type: "symbol",
    source: "names",
    maxzoom: 15.5,
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": 15,
      "text-line-height": 1.3,
      "text-max-width": 8,
      "text-padding": 6,
      "symbol-sort-key": ["get", "rank"],
    },
    paint: halo,
  };
  if (onTiles) return [];
  return [
    {
      id: "road-names",
      type: "symbol",
      source: "base",
      "source-layer": "roads",
      minzoom: 14.5,
      filter: ["has", "name"],
      layout: {
        "symbol-placement": "line",
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": 14,
        "text-max-angle": 35,
        "symbol-spacing": 320,
      },
      paint: halo,
    },
    {
      id: "places",
      type: "symbol",
      source: "places",
      minzoom: 12,
      layout: {
        "text-field": ["concat", "· ", ["get", "name"]],
        "text-font": FONT,
        "text-size": 14,
        "text-max-width": 9,
        "text-padding": 10,
        "symbol-sort-key": ["-", 0, ["coalesce", ["get", "weight"], 0]],
      },
      paint: { ...halo, "text-opacity": 0.9 },
    },
    wards,
  ];
}

/** A private or a home place is a soft disc of 300 m, never a point. */
function softLayer(ink: Ink): LayerSpecification {
  return {
    id: "soft",
    type: "fill",
    source: "soft",
    paint: { "fill-color": ink.brand, "fill-opacity": 0.22 },
  };
}
