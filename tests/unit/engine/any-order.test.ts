import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance } from "#src/engine/engine.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import type { RunEvent } from "#src/engine/run-event.ts";
import { isFinished, type RunState } from "#src/engine/run-state.ts";
import { nextWake } from "#src/engine/tick.ts";
import { pausesOf } from "#src/engine/waiting.ts";
import { begin, completed, failed, statuses } from "../../support/engine.ts";
import { plan } from "../../support/plans.ts";

/** Random acyclic plans: each step may depend on or be followed by later ones only. */
const planArbitrary = fc
  .array(
    fc.record({
      kind: fc.constantFrom("text", "fan", "pause"),
      links: fc.array(fc.nat(3), { maxLength: 2 }),
      onError: fc.constantFrom(undefined, "continue"),
      attempts: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((specs) => {
    const name = (index: number) => `s${index}`;
    const steps = specs.map(({ kind, links, onError, attempts }, index) => {
      const dependencies = [
        ...new Set(links.map((back) => index - 1 - back).filter((back) => back >= 0)),
      ].map(name);
      const shared = {
        ...(index > 0 && { dependencies: dependencies.length > 0 ? dependencies : ["s0"] }),
        on_error: onError,
      };
      const retry = { max_attempts: attempts, backoff_seconds: 1 };
      const action =
        kind === "pause"
          ? { action: "pause_for_human_input" }
          : kind === "fan"
            ? {
                action: "fan_out",
                sub_tasks: [0, 1, 2].map((part) => ({
                  step_name: `${name(index)}_${part}`,
                  topic: "system.adapter.web.search",
                })),
                retry,
              }
            : { action: "ai_text_generate", retry };
      return [name(index), { ...shared, ...action }] as const;
    });
    return plan("s0", Object.fromEntries(steps));
  });

type Fate = (task: string) => boolean;

/** What the outside world says to each task: about one in seven fails, whatever the order it is asked in. */
const fateOf =
  (salt: number): Fate =>
  (task) =>
    [...task].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, salt) % 7 !== 0;

const openReports = (run: RunState, succeeds: Fate): RunEvent[] =>
  Object.values(run.tasks)
    .filter(({ status }) => status === "dispatched")
    .map(({ id, attempt }) =>
      succeeds(`${id}${attempt}`) ? completed(id, { text: id }, attempt) : failed(id, true, attempt),
    );

const checkInvariants = (run: RunState): void => {
  const { budget, reserved, spent } = run.fuel;
  const tasks = Object.values(run.tasks);
  expect(reserved).toBe(
    tasks
      .filter(({ status }) => status === "dispatched" || status === "waiting")
      .reduce((sum, task) => sum + task.fuelReserved, 0),
  );
  expect(reserved + spent).toBeLessThanOrEqual(budget);
  expect(Math.min(reserved, spent)).toBeGreaterThanOrEqual(0);
  if (isFinished(run)) expect(reserved).toBe(0);
};

/** An answer to the gate that began first; repeated, it means no other. */
const answerOf = (run: RunState): RunEvent => ({
  type: "answered",
  approved: true,
  userId: "u",
  step: pausesOf(run)[0]?.name,
});

describe("Whatever the order", () => {
  it("every run ends, spends within its budget, and leaves finished steps as they are", () => {
    fc.assert(
      fc.property(
        planArbitrary,
        fc.nat(),
        fc.infiniteStream(fc.nat()),
        fc.integer({ min: 5, max: 400 }),
        (workflow, salt, choices, fuelBudget) => {
          let run = begin(workflow, { fuelBudget });
          let now = 0;
          const past: RunEvent[] = [];
          for (let round = 0; round < 500 && !isFinished(run); round++) {
            const open = openReports(run, fateOf(salt));
            const paused = run.status === "paused";
            const [choice = 0, repeat = 0] = [choices.next().value, choices.next().value];
            const event: RunEvent =
              open[choice % Math.max(1, open.length)] ?? (paused ? answerOf(run) : { type: "tick" });
            now = Math.max(now + 1, open.length === 0 && !paused ? (nextWake(run) ?? now) : now);
            // A duplicate or late message beside every real one.
            const stale = past[repeat % Math.max(1, past.length)];
            for (const next of stale ? [event, stale, event] : [event, event]) {
              const before = run;
              run = advance(run, next, now).state;
              for (const step of Object.values(before.steps)) {
                if (step.status === "completed") expect(run.steps[step.name]?.output).toEqual(step.output);
              }
              checkInvariants(run);
            }
            past.push(event);
          }
          expect(isFinished(run)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("the same answers in another order, with duplicates, lead to the same final state", () => {
    const outcome = (workflow: Plan, pick: (count: number) => number) => {
      let run = begin(workflow, { fuelBudget: 100_000 });
      for (let round = 0; round < 500 && !isFinished(run); round++) {
        const open = openReports(run, () => true);
        const event = open[pick(open.length)] ?? answerOf(run);
        run = advance(run, event, 1).state;
        run = advance(run, event, 2).state;
      }
      return { status: run.status, result: run.result, fuel: run.fuel, steps: statuses(run) };
    };
    fc.assert(
      fc.property(planArbitrary, fc.infiniteStream(fc.nat()), (workflow, choices) => {
        const first = outcome(workflow, () => 0);
        const other = outcome(workflow, (count) => (choices.next().value ?? 0) % Math.max(1, count));
        expect(other).toEqual(first);
        expect(first.status).toBe("completed");
      }),
      { numRuns: 300 },
    );
  });
});
