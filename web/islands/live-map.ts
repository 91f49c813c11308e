import type { CityMap } from "./city-map";
import { settled } from "./dom";

// However fast the city moves, one browser asks for the map again at most this often.
const LEAST_PAUSE = 3_000;

/**
 * <live-map data-list="/map?part=list" data-into="id"> around a <city-map>: asks for its marks
 * again when the page's live region hears of something public, and keeps the list beside it
 * to what the map shows ("thudo:view" tells the box).
 */
export class LiveMap extends HTMLElement {
  private last = 0;
  private timer = 0;
  private fill = settled((query: string) => void this.fetchList(query), 250);

  connectedCallback(): void {
    document.addEventListener("thudo:entry", this.hear);
    document.addEventListener("thudo:gap", this.hear);
    this.addEventListener("thudo:view", this.look);
  }

  disconnectedCallback(): void {
    document.removeEventListener("thudo:entry", this.hear);
    document.removeEventListener("thudo:gap", this.hear);
    window.clearTimeout(this.timer);
  }

  private hear = (): void => {
    if (this.timer) return;
    const wait = Math.max(200, this.last + LEAST_PAUSE - Date.now()) + Math.random() * 400;
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.last = Date.now();
      void this.querySelector<CityMap>("city-map")?.refresh();
    }, wait);
  };

  private look = (event: Event): void => {
    this.fill((event as CustomEvent<string>).detail);
  };

  private async fetchList(query: string): Promise<void> {
    const { list, into } = this.dataset;
    const place = into ? document.getElementById(into) : null;
    if (!list || !place || place.contains(document.activeElement)) return;
    try {
      const answer = await fetch(`${list}&${query}`, { credentials: "same-origin" });
      if (answer.ok) place.innerHTML = await answer.text();
    } catch {
      // The list of before stays; the next move asks again.
    }
  }
}
