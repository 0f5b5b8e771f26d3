import { useId } from "react";
import { Icon } from "./icons.tsx";
import "../styles/menu.css";

interface MoreMenuProps {
  label: string;
  items: readonly { name: string; act: () => void }[];
}

/** What is done more seldom, behind one button. The browser closes it by `Esc`, a press elsewhere and a choice. */
export function MoreMenu({ label, items }: MoreMenuProps) {
  const id = useId();
  return (
    <>
      <button type="button" className="more-button" popoverTarget={id} aria-label={label} title={label}>
        <Icon name="more" />
      </button>
      <ul className="more-menu" id={id} popover="auto" aria-label={label}>
        {items.map(({ name, act }) => (
          <li key={name}>
            <button type="button" popoverTarget={id} popoverTargetAction="hide" onClick={act}>
              {name}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
