import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { taskInputsQuery } from "../../data/one-run.ts";
import type { RunView, Task } from "../../data/runs.ts";
import { Decision } from "../../parts/decision.tsx";
import { keyed } from "../../parts/keyed.ts";
import { Markdown, Pre } from "../../parts/markdown.tsx";
import { Loading } from "../../parts/page.tsx";
import { Scroller } from "../../parts/scroller.tsx";
import { Status, type StatusName } from "../../parts/status.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { Ago, count, duration } from "../../parts/time.tsx";
import { Value } from "../../parts/value.tsx";
import { StepError } from "./step-error.tsx";

interface StepPanelProps {
  run: RunView;
  name: string;
  tasks: readonly Task[];
  /** What its tasks are writing at present. */
  texts: readonly string[];
}

const tabs = [
  { id: "output", name: "Output" },
  { id: "input", name: "Input" },
  { id: "attempts", name: "Attempts" },
  { id: "config", name: "Config" },
  { id: "raw", name: "Raw" },
] as const;

type TabName = (typeof tabs)[number]["id"];

/** One step of a run: what it gave, what it was given, how often it was tried. */
export function StepPanel({ run, name, tasks, texts }: StepPanelProps) {
  const [tab, setTab] = useState<TabName>("output");
  const step = run.steps.find((candidate) => candidate.name === name);
  const planned = run.plan?.steps[name];
  const status: StatusName = step?.status ?? "pending";
  const gate = run.waiting?.find(
    (waiting) => waiting.step === name && waiting.correlation_id === run.correlation_id,
  );
  const own = tasks.filter((task) => task.step === name);
  const tokens = step ? step.tokens.input + step.tokens.output : 0;
  const description = typeof planned?.description === "string" ? planned.description : undefined;
  return (
    <section className="panel step" aria-labelledby="step-title">
      <div className="step-head">
        <h2 id="step-title">{name}</h2>
        <Status status={status} />
        <p className="meta">
          {step?.action ?? planned?.action}
          {step && step.fuel > 0 && ` · ${count(step.fuel)} fuel`}
          {tokens > 0 && ` · ${count(tokens)} tokens`}
        </p>
      </div>
      {description && <p>{description}</p>}
      {step?.error && <StepError step={step} tasks={own} />}
      {gate && <Decision key={gate.step} run={run.correlation_id} step={gate.step} />}
      <Tabs label="Details of the step" tabs={tabs} chosen={tab} onChoose={setTab}>
        {tab === "output" && <Output run={run} name={name} texts={texts} gate={gate} />}
        {tab === "input" && <Input run={run} name={name} />}
        {tab === "attempts" && <Attempts tasks={own} />}
        {tab === "config" && <Pre text={JSON.stringify(planned ?? null, null, 2)} label="Configuration" />}
        {tab === "raw" && <Pre text={JSON.stringify(step ?? null, null, 2)} label="As the API tells it" />}
      </Tabs>
    </section>
  );
}

interface OutputProps extends Pick<StepPanelProps, "run" | "name" | "texts"> {
  gate: NonNullable<RunView["waiting"]>[number] | undefined;
}

function Output({ run, name, texts, gate }: OutputProps) {
  const step = run.steps.find((candidate) => candidate.name === name);
  if (gate) return <Value value={gate.review ?? {}} />;
  if (step?.output !== null && step?.output !== undefined) return <Value value={step.output} />;
  if (texts.length > 0)
    return (
      <div className="streaming">
        {keyed(texts).map(({ key, thing }) => (
          <Markdown key={key} text={thing} />
        ))}
      </div>
    );
  if (!step?.started_at) return <p className="meta">It has not begun.</p>;
  return <p className="meta">{step.completed_at === null ? "Nothing yet." : "It gave nothing."}</p>;
}

function Input({ run, name }: { run: RunView; name: string }) {
  const given = run.steps.find((candidate) => candidate.name === name)?.input ?? undefined;
  const { data: tasks, isPending } = useQuery({
    ...taskInputsQuery(run.correlation_id, name),
    enabled: given === undefined,
  });
  if (given !== undefined) return <Value value={given} />;
  if (isPending) return <Loading what="its input" rows={3} />;
  if (!tasks?.length) return <p className="meta">It was given nothing.</p>;
  if (tasks.length === 1) return <Value value={tasks[0]?.input ?? {}} />;
  return (
    <Value
      value={Object.fromEntries(
        tasks.map((task, place) => [task.name ?? String(task.index ?? place), task.input]),
      )}
    />
  );
}

function Attempts({ tasks }: { tasks: readonly Task[] }) {
  if (tasks.length === 0) return <p className="meta">No task has gone out.</p>;
  return (
    <Scroller label="Attempts">
      <table className="list small">
        <caption className="sr">Attempts</caption>
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Attempt</th>
            <th scope="col">Outcome</th>
            <th scope="col" className="num">
              Time
            </th>
            <th scope="col">Sent</th>
          </tr>
        </thead>
        <tbody>
          {tasks.flatMap((task) =>
            keyed(task.attempts).map(({ key, thing: attempt }) => (
              <tr key={`${task.id} ${key}`}>
                <th scope="row">
                  {task.child_id ? (
                    <Link to="/runs/$run" params={{ run: task.child_id }}>
                      {task.name ?? task.index ?? "run"}
                    </Link>
                  ) : (
                    (task.name ?? (task.index === undefined ? "main" : `item ${task.index + 1}`))
                  )}
                </th>
                <td>{attempt.attempt}</td>
                <td className="cut" title={attempt.error?.message}>
                  {attempt.error ? <code>{attempt.error.code}</code> : attempt.status}
                  {attempt.delay_ms !== null && (
                    <span className="meta"> again after {duration(attempt.delay_ms)}</span>
                  )}
                </td>
                <td className="num">
                  {attempt.dispatched_at && attempt.ended_at
                    ? duration(Date.parse(attempt.ended_at) - Date.parse(attempt.dispatched_at))
                    : "–"}
                </td>
                <td>{attempt.dispatched_at && <Ago at={attempt.dispatched_at} />}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </Scroller>
  );
}
