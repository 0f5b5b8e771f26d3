import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { type RunFilter, runStatuses, runsQuery } from "../../data/runs.ts";
import { DayField } from "../../parts/day-field.tsx";
import { SearchField, SelectField } from "../../parts/filters.tsx";
import { More } from "../../parts/more.tsx";
import { Empty, Loading, Page, Problem } from "../../parts/page.tsx";
import { useSelection } from "../../parts/selection.ts";
import { statusWord } from "../../parts/status.tsx";
import { ProjectField } from "./project-field.tsx";
import { RunTable } from "./run-table.tsx";

/** Comes with the first run that is selected. */
const Several = lazy(async () => ({ default: (await import("./several.tsx")).Several }));

const route = getRouteApi("/in/runs");

/** Every run of one's own personas, newest first. */
export function RunsPage() {
  const filter = route.useSearch();
  const navigate = useNavigate({ from: "/runs" });
  const list = useInfiniteQuery(runsQuery(filter));
  const selection = useSelection();
  const rows = list.data?.pages.flatMap(({ runs }) => runs);
  const isNarrowed = Object.values(filter).some((value) => value !== undefined);
  const narrow = (change: RunFilter) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });

  return (
    <Page title="Runs">
      <search className="filters">
        <SearchField label="Persona, id or error" value={filter.q} onChange={(q) => narrow({ q })} />
        <SelectField
          label="Status"
          value={filter.status}
          options={runStatuses.map((status) => ({ value: status, name: statusWord(status) }))}
          onChange={(status) => narrow({ status })}
        />
        <ProjectField value={filter.project_id} onChange={(project_id) => narrow({ project_id })} />
        <DayField label="From" value={filter.since} onChange={(since) => narrow({ since })} />
        <DayField label="To" value={filter.until} onChange={(until) => narrow({ until })} />
        {filter.instance_id && (
          <button type="button" onClick={() => narrow({ instance_id: undefined })}>
            {rows?.[0]?.instance_name ?? "One persona"} · show all
          </button>
        )}
      </search>
      {list.isPending && <Loading what="runs" rows={8} />}
      {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
      {rows?.length === 0 &&
        (isNarrowed ? (
          <Empty title="No run fits">
            <button type="button" onClick={() => void navigate({ search: {}, replace: true })}>
              Clear the filters
            </button>
          </Empty>
        ) : (
          <Empty title="No runs yet">
            <p>Choose a persona, give it a topic and watch it work.</p>
            <Link to="/personas" className="button primary">
              Choose a persona
            </Link>
          </Empty>
        ))}
      {rows && rows.length > 0 && (
        <>
          <RunTable rows={rows} selection={selection} />
          <More list={list} />
          {selection.selected.size > 0 && (
            <Suspense fallback={null}>
              <Several rows={rows} selection={selection} />
            </Suspense>
          )}
        </>
      )}
    </Page>
  );
}
