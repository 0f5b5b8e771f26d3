import type { KeyboardEvent } from "react";
import { type Approval, keyOf } from "../../data/questions.ts";
import { singleKeys } from "../../parts/choices.ts";
import { moveAmongRows } from "../../parts/list-keys.ts";
import type { Selection } from "../../parts/selection.ts";
import { Ago, count } from "../../parts/time.tsx";

interface QuestionListProps {
  rows: readonly Approval[];
  chosen: Approval;
  onChoose: (row: Approval) => void;
  selection: Selection;
}

/** What waits, which `j` and `k` walk and `s` selects. */
export function QuestionList({ rows, chosen, onChoose, selection }: QuestionListProps) {
  const pressed = (event: KeyboardEvent<HTMLElement>) => {
    moveAmongRows(event);
    if (event.key !== "s" || event.ctrlKey || event.metaKey || event.altKey || !singleKeys.isOn()) return;
    selection.toggle(keyOf(chosen));
  };
  return (
    <ul aria-label="What waits" onKeyDown={pressed}>
      {rows.map((row) => (
        <li key={keyOf(row)}>
          <input
            type="checkbox"
            aria-label={`Select ${row.instance_name ?? "a persona"}, ${row.step}`}
            checked={selection.selected.has(keyOf(row))}
            onChange={() => selection.toggle(keyOf(row))}
          />
          <button
            type="button"
            data-row
            aria-pressed={row === chosen}
            onClick={() => onChoose(row)}
            onFocus={() => onChoose(row)}
          >
            <b>{row.instance_name ?? "A persona"}</b>
            <Ago at={row.since} />
            <span className="meta">
              {row.step} ·{" "}
              {row.expires_at ? (
                <>
                  ends <Ago at={row.expires_at} />
                </>
              ) : (
                `${count(row.fuel.spent)} fuel so far`
              )}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
