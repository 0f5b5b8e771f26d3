import { Link } from "@tanstack/react-router";
import { dataOf } from "#client/index.ts";
import type { RunRow } from "../../data/runs.ts";
import { isOver } from "../../live/rules.ts";
import { useAction } from "../../parts/action.ts";
import { tell } from "../../parts/messages.tsx";
import { SelectedBar } from "../../parts/selected-bar.tsx";
import type { Selection } from "../../parts/selection.ts";
import { api } from "../../session/client.ts";

interface SeveralProps {
  rows: readonly RunRow[];
  selection: Selection;
}

const stale = [["runs"], ["approvals"]];

type Outcomes = { done: number; outcomes: readonly { refusal: { message: string } | null }[] };

/** Says for how many it was done, and why not for the others. */
function tellOutcome({ done, outcomes }: Outcomes, what: string): void {
  const reasons = new Set(outcomes.flatMap(({ refusal }) => refusal?.message ?? []));
  tell([`${done} of ${outcomes.length} ${what}`, ...reasons].join(". "));
}

/** What can be done with the selected runs. */
export function Several({ rows, selection }: SeveralProps) {
  const { selected, clear } = selection;
  const chosen = rows.filter(({ correlation_id }) => selected.has(correlation_id));
  const ids = chosen.map(({ correlation_id }) => correlation_id);
  const open = chosen.filter((row) => !isOver(row)).map(({ correlation_id }) => correlation_id);
  const [stop, isStopping] = useAction(
    async () => {
      tellOutcome(dataOf(await api.POST("/api/v1/personas/runs/stop", { body: { ids: open } })), "stopped");
      clear();
    },
    { stale },
  );
  const [again, isRepeating] = useAction(
    async () => {
      const params = { header: { "idempotency-key": crypto.randomUUID() } };
      const repeated = await api.POST("/api/v1/personas/runs/rerun", { params, body: { ids } });
      tellOutcome(dataOf(repeated), "executed again");
      clear();
    },
    { stale },
  );
  const isBusy = isStopping || isRepeating;
  // The older one first, as they have come about.
  const [second, first, more] = ids;
  return (
    <SelectedBar count={chosen.length} onClear={clear}>
      <button type="button" disabled={isBusy || open.length === 0} onClick={() => void stop()}>
        Stop
      </button>
      <button type="button" disabled={isBusy} onClick={() => void again()}>
        Execute again
      </button>
      {first && second && !more && (
        <Link className="button" to="/runs/$run/compare/$other" params={{ run: first, other: second }}>
          Compare
        </Link>
      )}
    </SelectedBar>
  );
}
