import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { instancesQuery, namesOf } from "../../data/personas.ts";
import { type RunRow, runQuery, runsQuery } from "../../data/runs.ts";
import { Decision } from "../../parts/decision.tsx";
import { useKeys } from "../../parts/keys.ts";
import { moveAmongRows } from "../../parts/list-keys.ts";
import { Empty, Loading, Page, Problem } from "../../parts/page.tsx";
import { Ago, count } from "../../parts/time.tsx";
import { Value } from "../../parts/value.tsx";
import "../../styles/pages.css";

const route = getRouteApi("/in/inbox");

const verdicts: Record<string, string> = { a: "approve", x: "reject" };

/** Runs that wait for the caller, and what each asks. */
export function InboxPage() {
  const { run: asked } = route.useSearch();
  const navigate = useNavigate({ from: "/inbox" });
  const list = useInfiniteQuery(runsQuery({ status: "paused" }));
  const { data: instances } = useQuery(instancesQuery);
  const names = namesOf(instances);
  const rows = list.data?.pages.flatMap(({ runs }) => runs) ?? [];
  const chosen = rows.find(({ correlation_id }) => correlation_id === asked) ?? rows[0];
  const article = useRef<HTMLElement>(null);
  const choose = (run: string | undefined) => void navigate({ search: { run }, replace: true });

  // `a` and `x` lead to the verdict; no single key decides.
  useKeys((key) => {
    const control = article.current?.querySelector<HTMLElement>(`[data-verdict="${verdicts[key]}"]`);
    control?.focus();
    return control !== undefined && control !== null;
  });
  const next = () => {
    const at = chosen ? rows.indexOf(chosen) : -1;
    choose((rows[at + 1] ?? rows[at - 1])?.correlation_id);
  };

  const waiting =
    rows.length === 0 ? "Nothing waits" : `${count(rows.length)}${list.hasNextPage ? "+" : ""} waiting`;
  return (
    <Page
      title="Inbox"
      tab={rows.length > 0 ? `(${rows.length}) Inbox` : "Inbox"}
      beside={list.data && <span className="meta">{waiting}</span>}
    >
      {list.isPending && <Loading what="what waits" />}
      {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <Empty title="Nothing waits for you">
          <p>When a run needs a decision, it is here at once.</p>
          <Link to="/runs" className="button">
            All runs
          </Link>
        </Empty>
      )}
      {chosen && (
        <div className="inbox">
          <ul aria-label="What waits" onKeyDown={moveAmongRows}>
            {rows.map((row) => (
              <li key={row.correlation_id}>
                <button
                  type="button"
                  data-row
                  aria-pressed={row === chosen}
                  onClick={() => choose(row.correlation_id)}
                  onFocus={() => choose(row.correlation_id)}
                >
                  <b>{names.get(row.instance_id ?? "") ?? "A persona"}</b>
                  <Ago at={row.updated_at} />
                  <span className="meta">
                    {row.current_step} · {count(row.fuel.spent)} fuel so far
                  </span>
                </button>
              </li>
            ))}
          </ul>
          <article className="panel" ref={article} aria-label="What is asked">
            <Asked
              key={chosen.correlation_id}
              row={chosen}
              name={names.get(chosen.instance_id ?? "") ?? "A persona"}
              onDecided={next}
            />
          </article>
        </div>
      )}
    </Page>
  );
}

function Asked({ row, name, onDecided }: { row: RunRow; name: string; onDecided: () => void }) {
  const { data: run, error, refetch } = useQuery(runQuery(row.correlation_id));

  if (error && !run) return <Problem error={error} retry={() => void refetch()} />;
  if (!run) return <Loading what="what is asked" rows={4} />;
  const gate = run.waiting?.[0];
  if (!gate) return <p className="meta">It has been decided.</p>;
  const planned = run.plan?.steps[gate.step];
  const question = typeof planned?.description === "string" ? planned.description : gate.step;
  const endsOnRejection = typeof planned?.on_error !== "string";
  return (
    <>
      <header>
        <h2>{question}</h2>
        <p className="meta">
          {name} ·{" "}
          <Link to="/runs/$run" params={{ run: run.correlation_id }}>
            open the run
          </Link>{" "}
          · asked <Ago at={gate.since} />
          {gate.expires_at && (
            <>
              {" "}
              · ends <Ago at={gate.expires_at} />
            </>
          )}
        </p>
      </header>
      <Value value={gate.review ?? {}} />
      <div className="sticky">
        <Decision run={gate.correlation_id} step={gate.step} onDecided={onDecided} />
        <p className="meta">
          <span className="of-keys">
            <kbd>a</kbd> approve <kbd>x</kbd> reject <kbd>j</kbd> <kbd>k</kbd> next, previous
          </span>
          {endsOnRejection && <span> A rejection ends the run.</span>}
        </p>
      </div>
    </>
  );
}
