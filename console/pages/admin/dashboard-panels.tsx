import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";
import type { components } from "#client/index.ts";
import { type AdministeredRun, administeredRunsQuery, topicsQuery } from "../../data/admin.ts";
import type { UsageFigures, UsageSeries } from "../../data/usage.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { Loading } from "../../parts/page.tsx";
import { Ranking } from "../../parts/plot/ranking.tsx";
import { Ago, count } from "../../parts/time.tsx";

/** A part of the dashboard, under its name. */
export function Panel({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

/** The names of a series by how much each has; the first eight that have any. */
export function Ranked({
  series,
  of,
}: {
  series: UsageSeries | undefined;
  of: (figures: UsageFigures) => number;
}) {
  if (!series) return <Loading what="figures" rows={3} />;
  const rows = series.series
    .map(({ name, label, total }) => ({ name: label ?? name ?? "without one", value: of(total) }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value)
    .slice(0, 8);
  return rows.length > 0 ? <Ranking rows={rows} /> : <p className="meta">Nothing yet.</p>;
}

interface Kind {
  code: string;
  step: string | null;
  runs: number;
  last: string;
}

/** Runs that have failed, by what was wrong where; the newest kind first. */
function kindsOf(runs: readonly AdministeredRun[]): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const { error, current_step: step, updated_at: at } of runs) {
    const code = error?.code ?? "unknown";
    const name = `${code} ${step}`;
    const kind = kinds.get(name) ?? { code, step, runs: 0, last: at };
    kinds.set(name, { ...kind, runs: kind.runs + 1 });
  }
  return [...kinds.values()];
}

/** What fails now: the last runs that have, by code and step. */
export function Failures() {
  const { data } = useInfiniteQuery(administeredRunsQuery("failed"));
  const kinds = kindsOf(data?.pages[0]?.runs ?? []).slice(0, 6);
  return (
    <Panel title="Fails now">
      {!data && <Loading what="failures" rows={2} />}
      {data && kinds.length === 0 && <p className="meta">Nothing has failed.</p>}
      <ul className="recent">
        {kinds.map(({ code, step, runs, last }) => (
          <li key={`${code} ${step}`}>
            <span>
              <Link to="/admin/runs" search={{ status: "failed" }}>
                <code>{code}</code>
              </Link>{" "}
              {step}
            </span>
            <span className="meta">
              {count(runs)} · <Ago at={last} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What waits in the queues, and what was left undelivered. */
export function Queues() {
  const { data } = useQuery(topicsQuery);
  if (!data) return <Loading what="queues" rows={3} />;
  return (
    <div className="stack">
      <h2>
        <Link to="/admin/topics">Queues</Link>
      </h2>
      <DataTable
        caption="Queues"
        rows={data.queues}
        keyOf={({ queue }) => queue}
        columns={[
          { name: "Queue", cell: ({ queue }) => <code>{queue}</code> },
          { name: "Backlog", isNumber: true, cell: ({ backlog }) => count(backlog) },
          {
            name: "Oldest",
            isNumber: true,
            cell: ({ oldest_message_at: at }) => (at ? <Ago at={at} /> : "–"),
          },
          { name: "Dead letters", isNumber: true, cell: (queue) => count(queue.dead_letters) },
        ]}
      />
    </div>
  );
}

const words = { closed: "good", half_open: "warn", open: "error" } as const;

/** Whether providers are asked, or left alone for a while. */
export const Providers = ({ breakers }: { breakers: readonly components["schemas"]["BreakerStatus"][] }) => (
  <Panel title="Providers">
    <ul className="recent">
      {breakers.map(({ adapter, circuit_breaker: state, retry_at: retryAt }) => (
        <li key={adapter}>
          <span>{adapter}</span>
          <span className={`level ${words[state]}`}>
            {state.replace("_", " ")}
            {retryAt && (
              <>
                , tries <Ago at={retryAt} />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  </Panel>
);
