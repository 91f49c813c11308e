/** <city-clock data-zone="Asia/Ho_Chi_Minh">: the city's hour, whatever the device's zone. */
export class CityClock extends HTMLElement {
  private timer = 0;

  connectedCallback(): void {
    this.setAttribute("role", "timer");
    this.setAttribute("aria-live", "off");
    this.show();
  }

  disconnectedCallback(): void {
    clearTimeout(this.timer);
  }

  private show(): void {
    const now = new Date();
    this.textContent = now.toLocaleTimeString("vi", {
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
      timeZone: this.dataset.zone || undefined,
    });
    this.timer = window.setTimeout(() => this.show(), 60_000 - (now.getTime() % 60_000) + 50);
  }
}
