import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { agentsQuery } from "../../data/admin.ts";
import { Listing } from "../../parts/listing.tsx";
import { Page } from "../../parts/page.tsx";
import { Ago, count, duration } from "../../parts/time.tsx";

const levels = { healthy: "", degraded: "warn", unhealthy: "error", disabled: "warn" } as const;

/** Every persona of the tenant, with how it does. */
export function AgentsPage() {
  const list = useInfiniteQuery(agentsQuery);
  return (
    <Page title="Agents">
      <Listing
        what="agents"
        list={list}
        rows={list.data?.pages.flatMap(({ instances }) => instances)}
        keyOf={({ id }) => id}
        columns={[
          {
            name: "Persona",
            cell: ({ id, name }) => (
              <Link to="/personas/$persona" params={{ persona: id }} className="row-link" data-row>
                {name}
              </Link>
            ),
          },
          { name: "Template", cell: (agent) => agent.template_name ?? "–" },
          {
            name: "Health",
            cell: ({ health }) => <span className={`level ${levels[health.status]}`}>{health.status}</span>,
          },
          { name: "Runs", isNumber: true, cell: ({ usage }) => count(usage.total_executions) },
          { name: "Failed", isNumber: true, cell: ({ usage }) => count(usage.failed_runs) },
          { name: "Average", isNumber: true, cell: ({ usage }) => duration(usage.average_run_time_ms) },
          { name: "Fuel", isNumber: true, cell: ({ usage }) => count(usage.fuel_consumed) },
          {
            name: "Last run",
            isNumber: true,
            cell: ({ usage }) =>
              usage.last_execution_time ? <Ago at={usage.last_execution_time} /> : "never",
          },
        ]}
        empty={{ title: "Nobody has a persona yet" }}
      />
    </Page>
  );
}
