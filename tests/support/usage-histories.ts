import fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import { kindOfAttempts } from "#src/engine/attempt-usage.ts";
import { noFigures, plusFigures, type UsageFigures } from "#src/engine/usage-figures.ts";
import type { RunCopy } from "#src/objects/platform-message.ts";
import type { UsageDimension, UsageOfDay } from "#src/objects/usage-day.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The days of these histories: nothing else ends so late. */
export const firstDay = 40_000;
export const lastDay = firstDay + 3;

/** An execution with the attempts of its tasks, as it ended. */
export interface EndedRun {
  copy: RunCopy;
  attempts: readonly { step: string; agentType: string; model: string | null; figures: UsageFigures }[];
}

const few = (name: string) => fc.nat(3).map((number) => `${name} ${number}`);
const count = fc.nat(1000);

const attempt = fc
  .record({
    step: fc.oneof(few("step"), fc.constantFrom("__proto__", "a:b", "")),
    agentType: few("agent"),
    model: fc.option(few("model")),
    success: fc.boolean(),
    fuel: count,
    tokens_in: count,
    tokens_out: count,
    cost_micros: count,
    duration_ms: count,
  })
  .map(({ step, agentType, model, success, ...amounts }) => ({
    step,
    agentType,
    model,
    figures: { count: 1, completed: Number(success), failed: Number(!success), ...amounts },
  }));

const endedRun: fc.Arbitrary<EndedRun> = fc
  .record({
    attempts: fc.array(attempt, { maxLength: 6 }),
    user_id: few("user"),
    instance_id: fc.option(few("instance")),
    template_id: fc.option(few("template")),
    status: fc.constantFrom("completed" as const, "failed" as const, "cancelled" as const),
    fuel_spent: count,
    tokens_in: count,
    tokens_out: count,
    cost_micros: count,
    created_at: fc.integer({ min: firstDay * dayMs, max: lastDay * dayMs - 1 }),
    took: fc.integer({ min: 0, max: 5 * hourMs }),
  })
  .map(({ attempts, took, ...run }) => {
    const used: Record<string, UsageFigures> = {};
    for (const { figures, ...kind } of attempts) {
      const key = kindOfAttempts(kind);
      used[key] = plusFigures(used[key] ?? noFigures, figures);
    }
    const completed_at = Math.min(run.created_at + took, lastDay * dayMs - 1);
    const copy: RunCopy = {
      ...run,
      type: "run.copy",
      id: "copy",
      correlation_id: uuidv7({ msecs: run.created_at }),
      revision: 5,
      client_id: "usage_histories",
      project_id: null,
      current_step: null,
      fuel_budget: 1000,
      error: null,
      updated_at: completed_at,
      completed_at,
      used,
    };
    return { copy, attempts };
  });

/** How a run was before it ended. */
const begun = ({ copy: { used, ...copy } }: EndedRun, revision: number): RunCopy => ({
  ...copy,
  revision,
  status: "running",
  completed_at: null,
});

/** Executions, and deliveries of what they told: repeated, out of order, some before and some after the end. */
export const usageHistory = fc.array(endedRun, { maxLength: 24 }).chain((runs) => {
  const told = runs.flatMap((run) => [begun(run, 1), begun(run, 3), run.copy]);
  return fc.record({
    runs: fc.constant(runs),
    deliveries: fc
      .tuple(
        fc.shuffledSubarray(told),
        fc.shuffledSubarray(told, { minLength: told.length }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 12, maxLength: 12 }),
      )
      .map(([some, all, sizes]) => inPieces([...some, ...all], sizes)),
  });
});

function inPieces<T>(list: readonly T[], sizes: readonly number[]): T[][] {
  const pieces: T[][] = [];
  for (let [from, index] = [0, 0]; from < list.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    pieces.push(list.slice(from, from + size));
    from += size;
  }
  return pieces;
}

/** What executions have used, counted again from the first one to the last. */
export function recount(
  runs: readonly EndedRun[],
  dimension: UsageDimension,
  personaOf: (copy: RunCopy) => string | null,
): UsageOfDay[] {
  const days = new Map<number, Map<string, UsageFigures>>();
  const add = (day: number, name: string | null, figures: UsageFigures) => {
    const names = days.get(day) ?? new Map<string, UsageFigures>();
    days.set(day, names);
    if (name !== null) names.set(name, plusFigures(names.get(name) ?? noFigures, figures));
  };
  for (const { copy, attempts } of runs) {
    const { created_at, completed_at, status, fuel_spent, tokens_in, tokens_out, cost_micros } = copy;
    const end = completed_at ?? 0;
    const day = Math.floor(end / dayMs);
    const ofRun = {
      count: 1,
      completed: status === "completed" ? 1 : 0,
      failed: status === "failed" ? 1 : 0,
      fuel: fuel_spent,
      tokens_in,
      tokens_out,
      cost_micros,
      duration_ms: end - created_at,
    };
    if (dimension === "hour") add(day, String(new Date(end).getUTCHours()), ofRun);
    else if (dimension === "persona") add(day, personaOf(copy), ofRun);
    else {
      add(day, null, noFigures);
      const nameOf = { step: "step", model: "model", agent: "agentType" } as const;
      for (const one of attempts) add(day, one[nameOf[dimension]], one.figures);
    }
  }
  return [...days]
    .sort(([a], [b]) => a - b)
    .map(([day, names]) => ({ day, names: Object.fromEntries(names) }));
}
