import { useInfiniteQuery } from "@tanstack/react-query";
import { runsQuery } from "../../data/runs.ts";
import { Empty, Loading, Problem } from "../../parts/page.tsx";
import { RunTable } from "../runs/run-table.tsx";

/** The runs of one persona. */
export function PersonaRuns({ id }: { id: string }) {
  const list = useInfiniteQuery(runsQuery({ instance_id: id }));
  const rows = list.data?.pages.flatMap(({ runs }) => runs);
  if (list.error) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (!rows) return <Loading what="runs" />;
  if (rows.length === 0)
    return (
      <Empty title="It has not run yet">
        <p>Execute it in the playground: each run is kept here.</p>
      </Empty>
    );
  return (
    <>
      <RunTable rows={rows} isOfOne />
      {list.hasNextPage && (
        <button type="button" className="more" onClick={() => void list.fetchNextPage()}>
          Show more
        </button>
      )}
    </>
  );
}
