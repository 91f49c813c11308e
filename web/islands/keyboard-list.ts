const OWN_ARROWS = "city-map, live-map, dialog, [role=application], [role=listbox], .table-scroll";

/**
 * <keyboard-list>: a list of rows that hands walk with keys.
 * Arrows move between the links with class row-place (or [data-row]) from anywhere on the page
 * but fields and controls that arrows move; Home and End jump within the list; Enter on a page
 * where nothing is focused opens the first row that is not open already. 1-9 press
 * [data-key="1"] ... (on a case its acts, else the tabs: the server names them once a page),
 * Alt+letter press [data-alt="KeyA"]. Keys are read by event.code: a Vietnamese input method
 * (Unikey Telex) eats letters, so no plain letter is ever a command.
 */
export class KeyboardList extends HTMLElement {
  connectedCallback(): void {
    document.addEventListener("keydown", this.walk);
    document.addEventListener("keydown", this.press);
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.walk);
    document.removeEventListener("keydown", this.press);
  }

  /** The rows that can be seen; a phone hides the list beside an open case. */
  private get rows(): HTMLElement[] {
    const found = this.querySelectorAll<HTMLElement>("a.row-place, [data-row]");
    return [...found].filter((row) => row.offsetParent !== null);
  }

  private walk = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.defaultPrevented || usesArrows(event)) return;
    const rows = this.rows;
    const opens = event.code === "Enter";
    const target = opens ? unfocusedEnter(rows) : rows[stepTo(event.code, rows)];
    if (!target) return;
    event.preventDefault();
    if (opens) target.click();
    else {
      target.focus();
      target.closest(".row")?.scrollIntoView({ block: "nearest" });
    }
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

/** The index that a key leads to; -1 for keys that lead nowhere from here. */
function stepTo(code: string, rows: HTMLElement[]): number {
  const last = rows.length - 1;
  const focused = rows.findIndex((row) =>
    (row.closest(".row") ?? row).contains(document.activeElement),
  );
  const isInList = focused >= 0;
  const here = isInList ? focused : rows.findIndex(isOpen);
  if (code === "ArrowDown") return Math.min(here + 1, last);
  if (code === "ArrowUp") return Math.max(here - 1, 0);
  if (code === "Home" && isInList) return 0;
  return code === "End" && isInList ? last : -1;
}

/** What Enter opens while nothing has the focus: the first row, never the one that is open. */
function unfocusedEnter(rows: HTMLElement[]): HTMLElement | undefined {
  const isFree = document.activeElement === null || document.activeElement === document.body;
  return isFree && !rows.some(isOpen) ? rows[0] : undefined;
}

function isOpen(row: HTMLElement): boolean {
  return row.closest("[aria-current]") !== null;
}

/** Fields, choices and maps have their own use of arrows. */
function usesArrows(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  if (target === document.body || !(target instanceof HTMLElement)) return event.isComposing;
  return isTyping(event) || target.matches("input[type=radio]") || !!target.closest(OWN_ARROWS);
}
