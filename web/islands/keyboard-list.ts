/**
 * <keyboard-list>: a list of rows that hands walk with keys.
 * Arrows move between the links with class row-place (or [data-row]), Home and End jump, Enter
 * opens (the link's own behaviour), 1-9 press the page's [data-key="1"] ..., Alt+letter press
 * [data-alt="KeyA"]. Keys are read by event.code: a Vietnamese input method (Unikey Telex) eats
 * letters, so no plain letter is ever a command.
 */
export class KeyboardList extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("keydown", this.walk);
    document.addEventListener("keydown", this.press);
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.press);
  }

  private get rows(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("a.row-place, [data-row]")];
  }

  private walk = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || isTyping(event)) return;
    const rows = this.rows;
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const last = rows.length - 1;
    const next = {
      ArrowDown: Math.min(here + 1, last),
      ArrowUp: Math.max(here - 1, 0),
      Home: 0,
      End: last,
    }[event.code];
    if (next === undefined) return;
    event.preventDefault();
    rows[next]?.focus();
    rows[next]?.closest(".row")?.scrollIntoView({ block: "nearest" });
  };

  private press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.repeat) return;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    let target: HTMLElement | null = null;
    if (event.altKey && event.code.startsWith("Key")) {
      target = document.querySelector(`[data-alt="${event.code}"]`);
    } else if (digit && !event.altKey && !event.shiftKey && !isTyping(event)) {
      target = document.querySelector(`[data-key="${digit}"]`);
    }
    if (!target) return;
    event.preventDefault();
    if (target.matches("input:not([type=checkbox], [type=radio]), textarea, select"))
      target.focus();
    else target.click();
  };
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  return (
    event.isComposing ||
    target.isContentEditable ||
    target.matches("textarea, select, input:not([type=checkbox], [type=radio])")
  );
}
