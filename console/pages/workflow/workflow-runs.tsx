import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { workflowRunsQuery } from "../../data/definitions.ts";
import { Listing } from "../../parts/listing.tsx";
import { Status } from "../../parts/status.tsx";
import { Ago, count, duration } from "../../parts/time.tsx";

/** Runs that carried out a workflow, each with the version that it had then. */
export function WorkflowRuns({ name }: { name: string }) {
  const list = useInfiniteQuery(workflowRunsQuery(name));
  return (
    <Listing
      what="runs"
      list={list}
      rows={list.data?.pages.flatMap(({ runs }) => runs)}
      keyOf={({ correlation_id, workflow_version }) => `${correlation_id} ${workflow_version}`}
      columns={[
        {
          name: "Run",
          cell: ({ correlation_id, instance_name }) => (
            <Link to="/runs/$run" params={{ run: correlation_id }} className="row-link" data-row>
              {instance_name ?? "A persona that is gone"}
              <code className="row-id">{correlation_id.slice(-6)}</code>
            </Link>
          ),
        },
        { name: "Version", isNumber: true, cell: (run) => run.workflow_version },
        { name: "Status", cell: (run) => <Status status={run.status} /> },
        {
          name: "Step",
          text: "cut",
          cell: (run) => (run.error ? <code>{run.error.code}</code> : (run.current_step ?? "–")),
        },
        { name: "Fuel", isNumber: true, cell: ({ fuel }) => count(fuel.spent) },
        {
          name: "Time",
          isNumber: true,
          cell: (run) => (run.duration_ms === null ? "–" : duration(run.duration_ms)),
        },
        { name: "Started", isNumber: true, cell: (run) => <Ago at={run.created_at} /> },
      ]}
      empty={{
        title: "No run has carried it out yet",
        children: <p>A run is here once a step has started the workflow, or its template names it.</p>,
      }}
    />
  );
}
