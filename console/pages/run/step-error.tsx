import type { RunStep, Task } from "../../data/runs.ts";
import { Failure } from "../../parts/failure.tsx";

/** What may be done about failures, by their codes. */
const advice: Record<string, string> = {
  INSUFFICIENT_FUEL: "Execute it again with a larger fuel budget.",
  QUOTA_EXCEEDED: "The quota of the tier is used up: see Usage.",
  RATE_LIMITED: "Execute it again a little later.",
  AI_SERVICE_ERROR: "The model's provider failed. Executing it again may help.",
  EXTERNAL_SERVICE_ERROR: "A service that the step calls failed. Executing it again may help.",
  UPSTREAM_UNAVAILABLE: "A service that the step calls does not answer. Executing it again may help.",
  VALIDATION_ERROR: "The input or the plan does not fit: change it, and execute it again.",
  TIMEOUT: "It took longer than its plan allows.",
};

/** Why a step failed, and what to do. */
export function StepError({ step, tasks }: { step: RunStep; tasks: readonly Task[] }) {
  const { error } = step;
  if (!error) return null;
  const attempts = Math.max(step.attempts, ...tasks.map(({ attempts: all }) => all.length));
  return (
    <Failure
      error={error}
      note={attempts > 1 ? `after ${attempts} attempts` : undefined}
      advice={advice[error.code]}
    />
  );
}
