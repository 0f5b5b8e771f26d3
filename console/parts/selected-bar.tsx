import type { ReactNode } from "react";
import "../styles/selection.css";

interface SelectedBarProps {
  count: number;
  onClear: () => void;
  /** What can be done with them. */
  children: ReactNode;
}

/** What can be done with the selected entries of a list: below it, and in sight while it is long. */
export const SelectedBar = ({ count, onClear, children }: SelectedBarProps) =>
  count === 0 ? null : (
    <section className="selected-bar" aria-label="What is selected">
      <p role="status">{count} selected</p>
      {children}
      <button type="button" className="bare" onClick={onClear}>
        Clear
      </button>
    </section>
  );
