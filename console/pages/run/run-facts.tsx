import type { RunView } from "../../data/runs.ts";
import { count, duration } from "../../parts/time.tsx";
import { stepsOf } from "./looks.ts";

/** A run in a line of figures. */
export function RunFacts({ run, now }: { run: RunView; now: number }) {
  const { fuel, steps } = run;
  const end = run.completed_at === null ? now : Date.parse(run.completed_at);
  const tokens = steps.reduce(
    (sum, step) => ({ input: sum.input + step.tokens.input, output: sum.output + step.tokens.output }),
    { input: 0, output: 0 },
  );
  const done = steps.filter(({ status }) => status === "completed").length;
  return (
    <dl className="facts">
      <div>
        <dt>Duration</dt>
        <dd>{duration(Math.max(0, end - Date.parse(run.created_at)))}</dd>
      </div>
      <div>
        <dt>Fuel</dt>
        <dd>
          {count(fuel.spent)}
          {fuel.reserved > 0 && <span title="Reserved for what is under way"> + {count(fuel.reserved)}</span>}
          <small> of {count(fuel.budget)}</small>
          <meter min={0} max={fuel.budget} value={fuel.spent} aria-label="Fuel spent of the budget" />
        </dd>
      </div>
      <div>
        <dt>Tokens</dt>
        <dd>
          {count(tokens.input)} <small>in</small> {count(tokens.output)} <small>out</small>
        </dd>
      </div>
      <div>
        <dt>Steps</dt>
        <dd>
          {done} <small>of {stepsOf(run).length}</small>
        </dd>
      </div>
    </dl>
  );
}
