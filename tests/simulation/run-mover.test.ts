import { expect, it } from "vitest";
import { migrate } from "../../durable-objects/tenant-workflows/migrate.ts";
import type { Plan } from "../../src/workflows/plan.ts";
import { isFinished } from "../../src/workflows/run-state.ts";
import { plan, startRequest, usage } from "../support/plans.ts";
import { assemble, type Transition } from "./simulated-object.ts";
import { SimulatedStorage } from "./simulated-storage.ts";

/** The real parts over a storage of their own, with a run started in them. */
function started(outer: Plan, inner: Plan, fuelBudget = 1000) {
  const storage = new SimulatedStorage();
  migrate(storage);
  const transitions: Transition[] = [];
  let ids = 0;
  const newId = () => `run${++ids}`;
  const parts = assemble(storage, newId, {}, (transition) => transitions.push(transition));
  const workflows = { inner: { id: "inner", version: 1, plan: inner } };
  parts.desk.start(startRequest("tenant", { plan: outer, workflows, fuelBudget }), 0);
  return { ...parts, storage, transitions, latest: (id: string) => parts.runs.load(id) };
}

const children = () => ({
  action: "fan_out",
  sub_tasks: ["a", "b"].map((step_name) => ({
    step_name,
    topic: "workflow:inner",
    input: { who: step_name },
  })),
});

it("A child run whose step fails before its turn does not begin", () => {
  const inner = plan("gate", { gate: { action: "ai_text_generate", when: "input.nothing" } });
  const { transitions } = started(plan("fan", { fan: children() }), inner);
  expect(transitions.map(({ after }) => after.header.id)).not.toContain("run3");
  expect(transitions.at(-1)?.after).toMatchObject({ header: { id: "run1" }, status: "failed" });
});

it("What a child run has used is charged before another that fails can end their step", () => {
  const inner = plan("note", {
    note: { action: "store_memory", input: { content: "{{input.who}}" }, next_step: "stop" },
    stop: { action: "web_search", input: { q: "{{input.nothing}}" } },
  });
  const { latest } = started(plan("fan", { fan: children() }), inner);
  // The first child kept a memory (2) and failed; the other never began. The fan-out itself costs 5.
  expect(latest("run1")).toMatchObject({ status: "failed", fuel: { reserved: 0, spent: 2 + 5 } });
});

it("Fuel that a cancelled child run has used is gone for its parent too", () => {
  const inner = plan("first", {
    first: { action: "ai_text_generate", next_step: "second" },
    second: { action: "ai_text_generate" },
  });
  const outer = plan("child", {
    child: { action: "delegate", topic: "workflow:inner", timeout_seconds: 10, on_error: "continue" },
    after: { action: "ai_text_generate", dependencies: ["child"] },
  });
  const { latest, tasks, desk } = started(outer, inner, 25);
  tasks.complete({ taskId: "run2.first.main", attempt: 1, result: { output: {}, usage } }, 1);
  const parent = latest("run1");
  if (!parent) throw new Error("The run is gone");
  desk.tick(parent, 10_000);
  expect(latest("run2")?.status).toBe("cancelled");
  const run = latest("run1");
  expect(run?.fuel).toEqual({ budget: 25, reserved: 10, spent: 10 });
  expect(run && isFinished(run)).toBe(false);
});
