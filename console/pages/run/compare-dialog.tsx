import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type RunView, runsQuery } from "../../data/runs.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Loading } from "../../parts/page.tsx";
import { Status } from "../../parts/status.tsx";
import { Ago } from "../../parts/time.tsx";

/** Has another run of the same persona chosen, which the run is laid beside. */
export function CompareDialog({ run, onClose }: { run: RunView; onClose: () => void }) {
  const { data } = useInfiniteQuery(runsQuery({ instance_id: run.instance_id ?? undefined }, 20));
  const others = data?.pages[0]?.runs.filter(({ correlation_id: id }) => id !== run.correlation_id);
  return (
    <Dialog title="Compare with" onClose={onClose}>
      {!others && <Loading what="runs" rows={4} />}
      {others?.length === 0 && <p className="meta">It is the persona's only run.</p>}
      <ul className="rows">
        {others?.map((other) => (
          <li key={other.correlation_id}>
            <Link
              to="/runs/$run/compare/$other"
              params={{ run: other.correlation_id, other: run.correlation_id }}
            >
              <code>…{other.correlation_id.slice(-8)}</code>
            </Link>
            <Status status={other.status} />
            <span className="meta">
              <Ago at={other.created_at} />
            </span>
          </li>
        ))}
      </ul>
      <div className="actions">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}
