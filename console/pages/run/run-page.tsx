import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useMemo } from "react";
import { instancesQuery, namesOf } from "../../data/personas.ts";
import { type RunView, runQuery, tasksQuery } from "../../data/runs.ts";
import { isOver } from "../../live/rules.ts";
import { useRunTexts } from "../../live/use-run-texts.ts";
import { Id } from "../../parts/copy.tsx";
import { Failure } from "../../parts/failure.tsx";
import { say } from "../../parts/messages.tsx";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Status, statusWord, titleMark } from "../../parts/status.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { Ago, useNow } from "../../parts/time.tsx";
import { Value } from "../../parts/value.tsx";
import { Events } from "./events.tsx";
import { looksOf, worthLook } from "./looks.ts";
import { RunActions } from "./run-actions.tsx";
import { RunFacts } from "./run-facts.tsx";
import { StepPanel } from "./step-panel.tsx";
import { Timeline } from "./timeline.tsx";
import "../../styles/run.css";
import "../../styles/values.css";

const route = getRouteApi("/in/runs/$run");

/** A part by itself: what places the boxes is as large as the rest of the page. */
const Graph = lazy(async () => ({ default: (await import("../../parts/graph/graph.tsx")).Graph }));

/** One run: its plan as a graph, its times, and the step that is worth a look. */
export function RunPage() {
  const { run: id } = route.useParams();
  const { data: run, error, refetch } = useQuery(runQuery(id));
  const { data: instances } = useQuery(instancesQuery);
  const name = namesOf(instances).get(run?.instance_id ?? "") ?? "Run";
  if (error && !run)
    return (
      <Page title="Run">
        <Problem error={error} retry={() => void refetch()} />
      </Page>
    );
  return (
    <Page
      title={name}
      tab={run && `${titleMark[run.status] ?? ""} ${name}`.trim()}
      beside={run && <Status status={run.status} />}
      about={run && <About run={run} />}
      actions={run && <RunActions run={run} name={name} />}
    >
      {run ? <Run run={run} /> : <Loading what="the run" rows={8} />}
    </Page>
  );
}

function About({ run }: { run: RunView }) {
  const template = run.versions?.template;
  return (
    <p className="meta">
      <Id id={run.correlation_id} what="run's id" /> · started <Ago at={run.created_at} />
      {run.started_by && run.started_by.kind !== "user" && ` by a ${run.started_by.kind}`}
      {template && ` · template version ${template.version}`}
    </p>
  );
}

const views = [
  { id: "graph", name: "Steps" },
  { id: "events", name: "Events" },
  { id: "input", name: "Input and result" },
] as const;

function Run({ run }: { run: RunView }) {
  const { step: asked, view = "graph" } = route.useSearch();
  const navigate = useNavigate({ from: "/runs/$run" });
  const id = run.correlation_id;
  const isRunning = !isOver(run);
  const now = useNow(500, isRunning);
  const { data } = useInfiniteQuery(tasksQuery(id));
  const tasks = useMemo(() => data?.pages.flatMap((page) => page.tasks) ?? [], [data]);
  const texts = useRunTexts(id, isRunning);
  const step = asked ?? worthLook(run);
  const choose = useCallback(
    (next: string) => void navigate({ search: (before) => ({ ...before, step: next }), replace: true }),
    [navigate],
  );
  useNews(run);

  return (
    <>
      <RunFacts run={run} now={now} />
      {run.error && !run.steps.some(({ error }) => error) && <Failure error={run.error} />}
      <Tabs
        label="Views of the run"
        tabs={views}
        chosen={view}
        onChoose={(next) =>
          void navigate({
            search: (before) => ({ ...before, view: next === "graph" ? undefined : next }),
            replace: true,
          })
        }
      >
        {view === "graph" && (
          <div className="run">
            {run.plan && (
              <Suspense fallback={<div className="graph" />}>
                <Graph plan={run.plan} looks={looksOf(run, tasks, now)} chosen={step} onChoose={choose} />
              </Suspense>
            )}
            <div className="run-split">
              <Timeline run={run} tasks={tasks} now={now} chosen={step} onChoose={choose} />
              <StepPanel
                key={step}
                run={run}
                name={step}
                tasks={tasks}
                texts={texts.filter((text) => text.step === step).map(({ text }) => text)}
              />
            </div>
          </div>
        )}
        {view === "events" && <Events id={id} isRunning={isRunning} />}
        {view === "input" && <InputAndResult run={run} />}
      </Tabs>
    </>
  );
}

const InputAndResult = ({ run }: { run: RunView }) => (
  <div className="halves">
    <section className="panel" aria-labelledby="input-title">
      <h2 id="input-title">Input</h2>
      <Value value={run.input ?? {}} />
    </section>
    <section className="panel" aria-labelledby="result-title">
      <h2 id="result-title">Result</h2>
      {run.result === null || run.result === undefined ? (
        <p className="meta">{isOver(run) ? "It came to no result." : "Not yet."}</p>
      ) : (
        <Value value={run.result} />
      )}
    </section>
  </div>
);

/** Tells whoever listens to the page what becomes of the run and its steps. */
function useNews(run: RunView): void {
  const running = run.steps.findLast(({ status }) => status !== "pending");
  const news = isOver(run)
    ? `The run: ${statusWord(run.status)}`
    : running
      ? `${running.name}: ${statusWord(running.status)}`
      : "";
  useEffect(() => {
    if (news) say(news);
  }, [news]);
}
