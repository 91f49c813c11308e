/** Theme and text size change at once; the form underneath does the same without a script. */
export class DisplaySwitch extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLButtonElement>("button[name]");
      if (!button || button.name === "language") return;
      event.preventDefault();
      apply(button.name as "theme" | "text", button.value);
    });
  }
}

function apply(name: "theme" | "text", value: string): void {
  const root = document.documentElement;
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  const secure = location.protocol === "https:" ? ";secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Safari and Firefox.
  document.cookie = `thudo_${name}=${value};path=/;max-age=31536000;samesite=lax${secure}`;
  for (const button of document.querySelectorAll<HTMLButtonElement>(
    `display-switch button[name=${name}]`,
  )) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
  document.dispatchEvent(new CustomEvent("thudo:display", { detail: { name, value } }));
}
