import { useState } from "react";

/** As many as the platform takes at once. */
const most = 100;

/** Which entries of a list are selected. */
export interface Selection {
  selected: ReadonlySet<string>;
  toggle: (id: string) => void;
  clear: () => void;
}

/** A selection that begins with nothing. */
export function useSelection(): Selection {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) =>
    setSelected((before) => {
      const after = new Set(before);
      if (!after.delete(id) && after.size < most) after.add(id);
      return after;
    });
  return { selected, toggle, clear: () => setSelected(new Set()) };
}
