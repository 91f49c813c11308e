/** Areas and points as GeoJSON, and the little geometry that the map needs of them. */
import type { Properties } from "./marks";

export interface Feature {
  type: "Feature";
  geometry: { type: "Point"; coordinates: [number, number] };
  properties: Properties;
}

export interface Shape {
  type: "Feature";
  geometry: { type: string; coordinates: unknown };
  properties: Record<string, unknown>;
}

export interface Shapes {
  type: "FeatureCollection";
  features: Shape[];
}

/** The point that carries an area's name: its own (properties.point), else of its largest ring. */
export function nameOf(area: Shape): Shape {
  const { name, point } = area.properties;
  const outer = ringsOf(area).map((polygon) => polygon[0] ?? []);
  const largest = outer.reduce((a, b) => (size(b) > size(a) ? b : a), outer[0] ?? []);
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: Array.isArray(point) ? point : inside(largest) },
    // The smallest are named first, so that the crowded centre keeps its names.
    properties: { name: said(name), rank: size(largest) },
  };
}

export function said(name: unknown): string {
  if (typeof name !== "object" || !name) return String(name ?? "");
  const languages = name as Record<string, string>;
  return languages[document.documentElement.lang] ?? Object.values(languages)[0] ?? "";
}

function size(ring: [number, number][]): number {
  return Math.abs(twiceArea(ring));
}

function twiceArea(ring: [number, number][]): number {
  return ring.reduce((sum, [x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length] as [number, number];
    return sum + x * ny - nx * y;
  }, 0);
}

/** Whether a point lies inside an area (even-odd rule over all its rings, so holes count). */
export function covers(area: Shape, [x, y]: [number, number]): boolean {
  const rings = ringsOf(area).flat();
  let inside = false;
  for (const ring of rings) {
    ring.forEach(([ax, ay], i) => {
      const [bx, by] = ring[(i + 1) % ring.length] as [number, number];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    });
  }
  return inside;
}

/** The polygons of an area, each as its rings. */
function ringsOf(area: Shape): [number, number][][][] {
  const { type, coordinates } = area.geometry;
  return (type === "Polygon" ? [coordinates] : coordinates) as [number, number][][][];
}

/** The centre of gravity of a ring; wards are round enough for it to lie inside. */
function inside(ring: [number, number][]): [number, number] {
  const area = twiceArea(ring) * 3;
  const [sx, sy] = ring.reduce(
    ([ax, ay], [x, y], i) => {
      const [nx, ny] = ring[(i + 1) % ring.length] as [number, number];
      const cross = x * ny - nx * y;
      return [ax + (x + nx) * cross, ay + (y + ny) * cross];
    },
    [0, 0],
  );
  return area ? [sx / area, sy / area] : (ring[0] ?? [0, 0]);
}

/** A circle of 300 m as a polygon, since a layer's radius is in pixels. */
export function disc(feature: Feature): Shape {
  const [lon, lat] = feature.geometry.coordinates;
  const dy = 300 / 111_320;
  const dx = dy / Math.cos((lat * Math.PI) / 180);
  const ring = Array.from({ length: 49 }, (_, i) => {
    const angle = (i / 48) * 2 * Math.PI;
    return [lon + dx * Math.cos(angle), lat + dy * Math.sin(angle)];
  });
  return { type: "Feature", geometry: { type: "Polygon", coordinates: [ring] }, properties: {} };
}
