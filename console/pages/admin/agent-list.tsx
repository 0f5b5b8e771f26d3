import { Link } from "@tanstack/react-router";
import type { ComponentProps } from "react";
import type { components } from "#client/index.ts";
import { Listing } from "../../parts/listing.tsx";
import { Ago, count, duration } from "../../parts/time.tsx";

export type Agent = components["schemas"]["AgentDetail"]["agent"];

export const healthLevels = { healthy: "", degraded: "warn", unhealthy: "error", disabled: "warn" } as const;

interface AgentListProps {
  list: ComponentProps<typeof Listing<Agent>>["list"] & {
    data?: { pages: readonly { instances: Agent[] }[] };
  };
  empty: string;
}

/** Personas with how they do. */
export const AgentList = ({ list, empty }: AgentListProps) => (
  <Listing
    what="agents"
    list={list}
    rows={list.data?.pages.flatMap(({ instances }) => instances)}
    keyOf={({ id }) => id}
    columns={[
      {
        name: "Persona",
        cell: ({ id, name }) => (
          <Link to="/admin/agents/$agent" params={{ agent: id }} className="row-link" data-row>
            {name}
          </Link>
        ),
      },
      { name: "Template", cell: (agent) => agent.template_name ?? "–" },
      {
        name: "Health",
        cell: ({ health }) => <span className={`level ${healthLevels[health.status]}`}>{health.status}</span>,
      },
      { name: "Runs", isNumber: true, cell: ({ usage }) => count(usage.total_executions) },
      { name: "Failed", isNumber: true, cell: ({ usage }) => count(usage.failed_runs) },
      { name: "Average", isNumber: true, cell: ({ usage }) => duration(usage.average_run_time_ms) },
      { name: "Fuel", isNumber: true, cell: ({ usage }) => count(usage.fuel_consumed) },
      {
        name: "Last run",
        isNumber: true,
        cell: ({ usage }) => (usage.last_execution_time ? <Ago at={usage.last_execution_time} /> : "never"),
      },
    ]}
    empty={{ title: empty }}
  />
);
