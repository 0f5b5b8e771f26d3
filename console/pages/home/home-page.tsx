import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { instancesQuery } from "../../data/personas.ts";
import { type RunRow, runsQuery } from "../../data/runs.ts";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Status } from "../../parts/status.tsx";
import { Ago } from "../../parts/time.tsx";
import "../../styles/pages.css";

/** Rows that a part of the day shows; the rest is one press away. */
const shown = 5;

/** The caller's day: what waits, what runs, what has failed, what came last. */
export function HomePage() {
  const { data: instances } = useQuery(instancesQuery);
  const all = useInfiniteQuery(runsQuery({}, shown));
  const waiting = useInfiniteQuery(runsQuery({ status: "paused" }));
  const running = useInfiniteQuery(runsQuery({ status: "running" }, shown));
  const failed = useInfiniteQuery(runsQuery({ status: "failed" }, shown));
  const rowsOf = ({ data }: typeof all) => data?.pages[0]?.runs ?? [];
  if (all.error)
    return (
      <Page title="Home">
        <Problem error={all.error} retry={() => void all.refetch()} />
      </Page>
    );
  if (all.isPending)
    return (
      <Page title="Home">
        <Loading what="your day" />
      </Page>
    );
  if (rowsOf(all).length === 0) return <Welcome hasPersona={(instances?.instances.length ?? 0) > 0} />;
  return (
    <Page title="Home">
      <div className="home">
        <Part
          title="Waits for you"
          rows={rowsOf(waiting).slice(0, shown)}
          empty="Nothing waits for you."
          more={<Link to="/inbox">Inbox</Link>}
        />
        <Part
          title="Runs now"
          rows={rowsOf(running)}
          empty="Nothing runs."
          more={
            <Link to="/runs" search={{ status: "running" }}>
              All that run
            </Link>
          }
        />
        <Part
          title="Failed last"
          rows={rowsOf(failed)}
          empty="Nothing has failed."
          more={
            <Link to="/runs" search={{ status: "failed" }}>
              All that failed
            </Link>
          }
        />
        <Part title="Came last" rows={rowsOf(all)} empty="" more={<Link to="/runs">All runs</Link>} />
      </div>
    </Page>
  );
}

interface PartProps {
  title: string;
  rows: readonly RunRow[];
  empty: string;
  more: ReactNode;
}

function Part({ title, rows, empty, more }: PartProps) {
  return (
    <section className="panel" aria-label={title}>
      <div className="panel-head">
        <h2>{title}</h2>
        {more}
      </div>
      {rows.length === 0 ? (
        <p className="meta">{empty}</p>
      ) : (
        <ul className="short-list">
          {rows.map((row) => (
            <li key={row.correlation_id}>
              <Link to="/runs/$run" params={{ run: row.correlation_id }}>
                <b>{row.instance_name ?? "A persona"}</b>
                <Status status={row.status} />
                <span className="meta">
                  {row.error?.code ?? (row.waiting?.description || row.current_step) ?? ""}
                </span>
                <span className="meta">
                  <Ago at={row.updated_at} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const steps = [
  { title: "Choose a persona", text: "A template with a plan: write, research, draw, ask you." },
  { title: "Give it a topic", text: "The playground has a field for each thing that it wants to know." },
  { title: "Watch, and decide", text: "You see every step. Where a person has to decide, it waits for you." },
];

const Welcome = ({ hasPersona }: { hasPersona: boolean }) => (
  <Page title="Welcome">
    <ol className="welcome">
      {steps.map(({ title, text }) => (
        <li key={title} className="panel">
          <h2>{title}</h2>
          <p>{text}</p>
        </li>
      ))}
    </ol>
    <Link to="/personas" className="button primary begin">
      {hasPersona ? "Your personas" : "Choose a persona"}
    </Link>
  </Page>
);
