import type { KeyboardEvent } from "react";
import { singleKeys } from "./choices.ts";
import { rowOf } from "./list-keys.ts";
import type { Selection } from "./selection.ts";

/** The heading of the column of boxes. */
export const SelectHeading = () => (
  <th scope="col" className="select-cell">
    <span className="sr">Selected</span>
  </th>
);

interface SelectBoxProps {
  id: string;
  /** What is selected, for who does not see the row. */
  name: string;
  selection: Selection;
}

/** Selects a row of a list; a press beside the box, within its cell, does so too. */
export const SelectBox = ({ id, name, selection }: SelectBoxProps) => (
  <td className="select-cell">
    <label>
      <input
        type="checkbox"
        aria-label={`Select ${name}`}
        checked={selection.selected.has(id)}
        onChange={() => selection.toggle(id)}
      />
    </label>
  </td>
);

/** Selects the row that has the focus, by `x`. */
export function selectByKey(event: KeyboardEvent<HTMLElement>, { toggle }: Selection): void {
  if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey || !singleKeys.isOn()) return;
  const row = rowOf(event.target);
  if (row) toggle(row);
}
