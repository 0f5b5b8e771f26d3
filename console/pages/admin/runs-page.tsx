import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { administeredRunsQuery } from "../../data/admin.ts";
import { runStatuses } from "../../data/runs.ts";
import { SelectField } from "../../parts/filters.tsx";
import { Listing } from "../../parts/listing.tsx";
import { Page } from "../../parts/page.tsx";
import { Status, statusWord } from "../../parts/status.tsx";
import { Ago, count, duration } from "../../parts/time.tsx";

const route = getRouteApi("/in/admin/runs");

/** Runs of all that one administers. */
export function AdminRunsPage() {
  const { status } = route.useSearch();
  const navigate = useNavigate({ from: "/admin/runs" });
  const list = useInfiniteQuery(administeredRunsQuery(status));
  return (
    <Page title="All runs">
      <search className="filters">
        <SelectField
          label="Status"
          value={status}
          options={runStatuses.map((value) => ({
            value,
            name: value === "paused" ? "Waiting" : statusWord(value),
          }))}
          onChange={(value) => void navigate({ search: { status: value }, replace: true })}
        />
      </search>
      <Listing
        what="runs"
        list={list}
        rows={list.data?.pages.flatMap(({ runs }) => runs)}
        keyOf={({ correlation_id }) => correlation_id}
        columns={[
          {
            name: "Run",
            cell: ({ correlation_id }) => (
              <Link to="/runs/$run" params={{ run: correlation_id }} className="row-link" data-row>
                <code>…{correlation_id.slice(-8)}</code>
              </Link>
            ),
          },
          { name: "Persona", text: "cut", cell: (run) => run.instance_name ?? "–" },
          { name: "Tenant", cell: (run) => run.client_id },
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
        empty={{ title: status ? "No run is so" : "Nothing has run yet" }}
      />
    </Page>
  );
}
