import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type RunView, runQuery } from "../../data/runs.ts";
import { isOver } from "../../live/rules.ts";
import { useRunTexts } from "../../live/use-run-texts.ts";
import { Decision } from "../../parts/decision.tsx";
import { Failure } from "../../parts/failure.tsx";
import { Markdown } from "../../parts/markdown.tsx";
import { Loading, Problem } from "../../parts/page.tsx";
import { Status, StatusMark, statusWord } from "../../parts/status.tsx";
import { Ago } from "../../parts/time.tsx";
import { Value } from "../../parts/value.tsx";
import { stepsOf } from "../run/looks.ts";

/** A run as the playground shows it: its steps in a line, then what is written, asked or come of it. */
export function LastRun({ id }: { id: string }) {
  const { data: run, error, refetch } = useQuery(runQuery(id));
  return (
    <section className="panel" aria-labelledby="result-title">
      <div className="step-head">
        <h2 id="result-title">Result</h2>
        {run && <Status status={run.status} />}
        {run && (
          <p className="meta">
            <Link to="/runs/$run" params={{ run: id }}>
              open the run
            </Link>{" "}
            · <Ago at={run.created_at} />
          </p>
        )}
      </div>
      {error && !run && <Problem error={error} retry={() => void refetch()} />}
      {!run && !error && <Loading what="the run" rows={4} />}
      {run && <Progress run={run} />}
      {run && <Outcome run={run} />}
    </section>
  );
}

const Progress = ({ run }: { run: RunView }) => (
  <ol className="progress" aria-label="Steps">
    {stepsOf(run).map(({ name, step }) => (
      <li key={name}>
        <StatusMark status={step?.status ?? "pending"} />
        {name}
        <span className="sr">, {statusWord(step?.status ?? "pending")}</span>
      </li>
    ))}
  </ol>
);

function Outcome({ run }: { run: RunView }) {
  const texts = useRunTexts(run.correlation_id, !isOver(run));
  const gate = run.waiting?.[0];
  if (run.error) return <Failure error={run.error} />;
  if (gate)
    return (
      <>
        <Value value={gate.review ?? {}} />
        <Decision run={gate.correlation_id} step={gate.step} />
      </>
    );
  if (isOver(run)) return <Value value={run.result ?? {}} />;
  const last = texts.at(-1);
  return last ? (
    <div className="streaming">
      <Markdown text={last.text} />
    </div>
  ) : (
    <p className="meta">It is at work.</p>
  );
}
