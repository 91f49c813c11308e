/** What stands on the map: status shapes near, discs with a count and a ring of shares far. */
import { svgElement } from "../dom";
import { words } from "../words";

export interface Properties {
  id: string;
  state?: string;
  label?: string;
  href?: string;
  soft?: boolean;
  count?: number;
  shares?: Record<string, number>;
}

const SHAPES: Record<string, [string, Record<string, string>]> = {
  ok: ["circle", { cx: "14", cy: "14", r: "10" }],
  soon: ["path", { d: "M14 2 26 14 14 26 2 14z" }],
  late: ["path", { d: "M14 2.5 27 25.5H1z" }],
  wait: ["circle", { cx: "14", cy: "14", r: "9", class: "map-ring" }],
  done: ["rect", { x: "3.5", y: "3.5", width: "21", height: "21", rx: "3" }],
  unknown: ["rect", { x: "4", y: "4", width: "20", height: "20" }],
};
const ORDER = ["late", "soon", "unknown", "wait", "ok", "done"];

/** A link (or button) of 48 px around the shape of its state. */
export function pin(item: Properties): HTMLElement {
  const element = document.createElement(item.href ? "a" : "button");
  if (element instanceof HTMLAnchorElement) element.href = item.href ?? "";
  else element.type = "button";
  element.className = "map-mark";
  element.setAttribute("aria-label", item.label ?? "");
  element.title = item.label ?? "";
  element.append(shape(item.state ?? "unknown"));
  return element;
}

function shape(state: string): SVGSVGElement {
  const known = SHAPES[state] ? state : "unknown";
  const [tag, attributes] = SHAPES[known] as [string, Record<string, string>];
  const svg = svgElement("svg", {
    class: `shape shape-${known}`,
    viewBox: "0 0 28 28",
    "aria-hidden": "true",
  });
  svg.append(svgElement(tag as "path", { ...attributes, class: `rim ${attributes.class ?? ""}` }));
  if (known === "done") {
    svg.append(svgElement("path", { class: "map-tick", d: "m9 14.4 3.6 3.6 6.6-7.4" }));
  }
  return svg;
}

/** An ink number in a white disc; the ring is cut by the share of each state. */
export function cluster(item: Properties): HTMLElement {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "map-cluster";
  const count = item.count ?? 0;
  element.setAttribute("aria-label", item.label ?? words.cluster(count));
  const svg = svgElement("svg", { viewBox: "0 0 48 48", "aria-hidden": "true" });
  svg.append(svgElement("circle", { class: "disc", cx: "24", cy: "24", r: "22" }));
  let at = 0;
  const total = Object.values(item.shares ?? {}).reduce((sum, part) => sum + part, 0) || 1;
  for (const state of ORDER) {
    const part = (item.shares?.[state] ?? 0) / total;
    if (!part) continue;
    svg.append(arc(state, at, part));
    at += part;
  }
  const text = document.createElement("span");
  text.textContent = count.toLocaleString(document.documentElement.lang);
  if (count > 999) text.className = "long";
  element.append(svg, text);
  return element;
}

function arc(state: string, from: number, part: number): SVGElement {
  // pathLength makes the dash a share of the ring; a gap of 1.5 % keeps neighbours apart.
  const gap = part < 0.98 ? 1.5 : 0;
  return svgElement("circle", {
    class: `ring-part shape-${state}`,
    cx: "24",
    cy: "24",
    r: "19.5",
    pathLength: "100",
    "stroke-dasharray": `${Math.max(part * 100 - gap, 0.5)} 100`,
    "stroke-dashoffset": String(-from * 100),
    transform: "rotate(-90 24 24)",
  });
}
