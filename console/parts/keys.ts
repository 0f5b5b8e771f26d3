import { useEffect, useRef } from "react";
import { singleKeys } from "./choices.ts";

/** Whether somebody types there. */
export const isField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("input, textarea, select, [contenteditable], .code") !== null;

/**
 * Single keys of a page, which do nothing in a field, below a dialog, or where they are switched off.
 * @param press is told the key; whether it was one that means something
 */
export function useKeys(press: (key: string) => boolean): void {
  const latest = useRef(press);
  useEffect(() => {
    latest.current = press;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (isField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!singleKeys.isOn()) return;
      if (document.querySelector("dialog[open]")) return;
      if (latest.current(event.key)) event.preventDefault();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}
