/** What an element of a page gets: properties, `aria-*` and `data-*` as they are named, and what is heard. */
type Given = Record<string, string | number | boolean | ((event: Event) => void) | undefined>;

/** Makes an element. Texts become text nodes, whatever stands in them: no HTML is read anywhere in the widget. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  given: Given = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== undefined && value !== false) made.setAttribute(key, String(value));
  }
  made.append(...children);
  return made;
}
