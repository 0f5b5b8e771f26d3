import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import type { components } from "#client/index.ts";
import { Graph } from "../graph/graph.tsx";
import type { DrawnPlan } from "../graph/layout.ts";
import { isSchema } from "../schema-form/fields.ts";
import { count } from "../time.tsx";
import { Code } from "./code.tsx";
import { readText, type TextProblem, textOf } from "./plan-text.ts";
import "../../styles/editor.css";

type Report = components["schemas"]["PlanReport"];

/** The platform is asked what it thinks when nobody has typed for so long. */
const pauseMs = 400;

/** What is written: where its plan stands in it, and who says whether it is right. */
export interface Subject {
  /** Names it among what is asked. */
  name: string;
  label: string;
  /** The path of the plan; empty where the plan is all of it. */
  planAt: readonly string[];
  /** Asks the platform. @throws PersonaError */
  check(value: Record<string, unknown>, signal: AbortSignal): Promise<Report>;
}

interface PlanEditorProps {
  subject: Subject;
  initial: Readonly<Record<string, unknown>>;
  /** Told what is written, undefined while that is nothing that could be stored. */
  onChange: (value: Record<string, unknown> | undefined) => void;
}

/** A plan, and what it stands in, as text beside a graph: what is chosen in one is shown in the other. */
export function PlanEditor({ subject, initial, onChange }: PlanEditorProps) {
  const { planAt } = subject;
  const within = planAt.map((name) => `${name}.`).join("");
  const [text] = useState(() => textOf(initial));
  const [written, setWritten] = useState(text);
  const [step, setStep] = useState<string>();
  const [target, setTarget] = useState<{ from: number }>();
  const read = useMemo(() => readText(written, [...planAt, "steps"]), [written, planAt]);
  const config = useDeferredValue(read.value);
  const report = useReport(subject, config);
  const problems = useMemo(
    () => [...read.problems, ...placed(report, within, read.placeOf)],
    [read, report, within],
  );
  const plan = planOf(read.value, planAt);
  const [drawn, setDrawn] = useState(plan);
  useEffect(() => {
    // A text that is broken for a moment does not take the picture away.
    if (plan) setDrawn((before) => (JSON.stringify(before) === JSON.stringify(plan) ? before : plan));
  }, [plan]);
  useEffect(() => onChange(read.value), [read, onChange]);
  const wrong = new Set(report?.errors.flatMap((problem) => problem.step ?? []));

  return (
    <div className="editor">
      <div className="editor-text">
        <Code
          label={`${subject.label} as YAML. Enter, then Tab indents; Escape, then Tab leaves.`}
          initial={text}
          problems={problems}
          target={target}
          onChange={setWritten}
          onPlace={(place) => setStep((before) => read.stepAt(place) ?? before)}
        />
        <Verdict report={report} isReadable={read.problems.length === 0} />
      </div>
      {drawn && (
        <Graph
          isTall
          plan={drawn}
          looks={Object.fromEntries([...wrong].map((name) => [name, { status: "failed" as const }]))}
          chosen={step && step in drawn.steps ? step : undefined}
          onChoose={(name) => {
            setStep(name);
            setTarget(read.placeOf(`${within}steps.${name}`));
          }}
        />
      )}
    </div>
  );
}

function planOf(
  value: Record<string, unknown> | undefined,
  [name]: readonly string[],
): DrawnPlan | undefined {
  const plan = name === undefined ? value : value?.[name];
  if (!isSchema(plan) || typeof plan.start_step !== "string" || !isSchema(plan.steps)) return undefined;
  const steps = Object.entries(plan.steps).flatMap(([name, step]) =>
    isSchema(step) ? [[name, { ...step, action: String(step.action ?? "") }] as const] : [],
  );
  return steps.length === 0 ? undefined : { start_step: plan.start_step, steps: Object.fromEntries(steps) };
}

/** What the platform says of what is written, once the typing pauses. */
function useReport({ name, check }: Subject, value: Record<string, unknown> | undefined): Report | undefined {
  const [asked, setAsked] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  const { data } = useQuery({
    queryKey: ["validate", name, asked],
    queryFn: ({ signal }) => check(asked ?? {}, signal),
    enabled: asked !== undefined,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data;
}

/** What the platform has found, at its places in the text. */
function placed(
  report: Report | undefined,
  within: string,
  placeOf: (path: string) => { from: number; to: number },
): TextProblem[] {
  const at = ({ step, path, message }: Report["errors"][number]) => {
    const below = path.replace(/^(workflow|plan)\.?/, "");
    const whole = step && !below.startsWith("steps.") ? `steps.${step}.${below}` : below;
    return { ...placeOf(`${within}${whole}`), message };
  };
  return [
    ...(report?.errors ?? []).map(at),
    ...(report?.warnings ?? []).map((warning) => ({ ...at(warning), isWarning: true })),
  ];
}

function Verdict({ report, isReadable }: { report: Report | undefined; isReadable: boolean }) {
  if (!isReadable) return <p className="verdict wrong">This cannot be read yet.</p>;
  if (!report) return <p className="verdict meta">Checking…</p>;
  const { errors, warnings, metrics } = report;
  return (
    <div className="verdict" role="status">
      <p className={errors.length > 0 ? "wrong" : "meta"}>
        {errors.length > 0 ? `${errors.length} to mend` : "Valid"}
        {warnings.length > 0 && ` · ${warnings.length} worth knowing`}
        {` · ${count(metrics.total_steps)} steps · about ${count(metrics.estimated_fuel)} fuel`}
      </p>
      {[...errors, ...warnings].slice(0, 4).map(({ step, message }) => (
        <p key={`${step} ${message}`} className="meta">
          {step && <code>{step}</code>} {message}
        </p>
      ))}
    </div>
  );
}
