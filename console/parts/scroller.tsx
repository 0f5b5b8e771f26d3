import type { ReactNode } from "react";
import { reachable } from "./keyed.ts";

/** What may be wider than its place, and is scrolled there; by keys as well. */
export const Scroller = ({ label, children }: { label: string; children: ReactNode }) => (
  <section className="scroll" aria-label={label} {...reachable}>
    {children}
  </section>
);
