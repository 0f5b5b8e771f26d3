import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { instancesQuery, namesOf } from "../../data/personas.ts";
import { type RunView, runQuery } from "../../data/runs.ts";
import { Difference } from "../../parts/difference/difference.tsx";
import { readable } from "../../parts/difference/readable.ts";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Status } from "../../parts/status.tsx";
import { Ago, count, duration } from "../../parts/time.tsx";
import { differingParts } from "./parts-of-runs.ts";
import { StepComparison } from "./step-comparison.tsx";
import "../../styles/values.css";

const route = getRouteApi("/in/runs/$run/compare/$other");

/** Two runs side by side: what went in, what each step gave, what it took. */
export function ComparePage() {
  const { run: a, other: b } = route.useParams();
  const [one, other] = [useQuery(runQuery(a)), useQuery(runQuery(b))];
  const failed = [one, other].find(({ error, data }) => error && !data);
  if (failed)
    return (
      <Page title="Two runs">
        <Problem error={failed.error} retry={() => void failed.refetch()} />
      </Page>
    );
  if (!one.data || !other.data)
    return (
      <Page title="Two runs">
        <Loading what="both runs" rows={8} />
      </Page>
    );
  return <Compared before={one.data} after={other.data} />;
}

function Compared({ before, after }: { before: RunView; after: RunView }) {
  const parts = differingParts(before, after);
  return (
    <Page
      title="Two runs"
      about={<p className="meta">What is gone was in the first alone, what is new is in the second alone.</p>}
    >
      <div className="halves">
        <Side title="First" run={before} />
        <Side title="Second" run={after} />
      </div>
      <StepComparison before={before} after={after} />
      {parts.length === 0 && <p className="meta">What went in, and what came out, is the same.</p>}
      {parts.map(({ name, before: was, after: is }) => (
        <section key={name} className="stack" aria-label={name}>
          <h2>{name}</h2>
          <Difference label={name} before={readable(was)} after={readable(is)} />
        </section>
      ))}
    </Page>
  );
}

function Side({ title, run }: { title: string; run: RunView }) {
  const { data: instances } = useQuery(instancesQuery);
  const name = namesOf(instances).get(run.instance_id ?? "") ?? "A persona";
  const tokens = run.steps.reduce((sum, step) => sum + step.tokens.input + step.tokens.output, 0);
  const version = run.versions?.template?.version;
  const facts: [string, string][] = [
    [
      "Time",
      run.completed_at === null ? "–" : duration(Date.parse(run.completed_at) - Date.parse(run.created_at)),
    ],
    ["Fuel", count(run.fuel.spent)],
    ["Tokens", count(tokens)],
    ["Template version", version === undefined ? "–" : String(version)],
  ];
  return (
    <section className="panel" aria-label={`${title} run`}>
      <div className="panel-head">
        <h2>
          <Link to="/runs/$run" params={{ run: run.correlation_id }}>
            {name} <code className="row-id">{run.correlation_id.slice(-6)}</code>
          </Link>
        </h2>
        <Status status={run.status} />
      </div>
      <p className="meta">
        {title} · started <Ago at={run.created_at} />
      </p>
      <dl className="facts">
        {facts.map(([fact, value]) => (
          <div key={fact}>
            <dt>{fact}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
