import type { KeyboardEvent } from "react";
import { singleKeys } from "./choices.ts";

const steps: Record<string, number> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** The row in which something happens, by what its `data-row` says. */
export const rowOf = (target: EventTarget | null): string | undefined =>
  target instanceof Element
    ? target.closest("tr")?.querySelector<HTMLElement>("[data-row]")?.dataset.row
    : undefined;

/** Moves the focus among the rows of a list (`[data-row]`) by `j`, `k` and the arrows; letters can be switched off. */
export function moveAmongRows(event: KeyboardEvent<HTMLElement>): void {
  const step = steps[event.key];
  if (event.key.length === 1 && !singleKeys.isOn()) return;
  const { target, currentTarget } = event;
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target instanceof Element && target.closest("input, textarea, select")) return;
  const rows = [...currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.findIndex((row) => row === target || row.contains(document.activeElement));
  const next = rows[at === -1 ? 0 : at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
