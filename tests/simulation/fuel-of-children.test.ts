import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimateFuel } from "#src/engine/plans/fuel-estimate.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import { isFinished } from "#src/engine/run-state.ts";
import { plan, usage } from "../support/plans.ts";
import { assemble } from "./simulated-parts.ts";
import { started } from "./started.ts";

type Steps = Parameters<typeof plan>[1];

const search = { action: "web_search" };
const write = { action: "ai_text_generate" };
const child = (name: string) => ({ action: "run", topic: `workflow:${name}` });
const retry = { max_attempts: 2, backoff_seconds: 0 };

/** Nobody can tell before how many texts it writes. */
const looping = plan("each", { each: { ...write, for_each: "['a', 'b']", max_parallel: 1 } });
const two = plan("first", { first: { ...write, next_step: "second" }, second: write });

describe("A child run holds the fuel that its own tasks hold, and no more:", () => {
  it.each([
    ["after it by name", "b"],
    ["before it by name", "0"],
  ])("a step beside it, %s, has what it needs", (_, beside) => {
    const outer = plan("s", {
      s: search,
      a: { ...child("looping"), dependencies: ["s"] },
      [beside]: { ...search, dependencies: ["s"] },
    });
    const { run, complete } = started(outer, { looping }, 100);
    complete("run1.s.main");
    expect(run("run1")).toMatchObject({ status: "running", fuel: { reserved: 10 + 5, spent: 5 } });
    for (const task of [`run1.${beside}.main`, "run2.each.0", "run2.each.1"]) complete(task);
    expect(run("run1")).toMatchObject({ status: "completed", fuel: { reserved: 0, spent: 30 } });
  });

  it("a step that begins beside it later has what it needs", () => {
    const outer = plan("s", {
      s: { ...search, next_step: "later" },
      a: { ...child("looping"), dependencies: ["s"] },
      later: { ...search, next_step: "last" },
      last: { action: "ai_image_generate" },
    });
    const { run, complete } = started(outer, { looping }, 70);
    for (const task of ["run1.s.main", "run1.later.main", "run1.last.main"]) complete(task);
    expect(run("run1").steps.last?.status).toBe("completed");
    for (const task of ["run2.each.0", "run2.each.1"]) complete(task);
    expect(run("run1")).toMatchObject({ status: "completed", fuel: { spent: 70 } });
  });

  it("together with the others of its tree it never has more than there is", () => {
    const outer = plan("s", {
      s: {
        action: "fan_out",
        sub_tasks: ["a", "b"].map((step_name) => ({ step_name, topic: "workflow:two" })),
      },
    });
    const { run, complete } = started(outer, { two }, 5 + 3 * 10);
    expect(run("run1").fuel).toEqual({ budget: 35, reserved: 20, spent: 5 });
    complete("run2.first.main");
    expect(run("run1").fuel).toEqual({ budget: 35, reserved: 20, spent: 15 });
    complete("run3.first.main");
    expect(run("run1")).toMatchObject({
      status: "failed",
      error: { code: "INSUFFICIENT_FUEL", details: { required: 10, available: 0 } },
      fuel: { reserved: 0, spent: 25 },
    });
  });

  it("with a fuel_budget it may use that much, which nobody keeps for it meanwhile", () => {
    const outer = plan("s", {
      s: { ...child("two"), fuel_budget: 90, next_step: "last" },
      last: search,
    });
    const { run, complete } = started(outer, { two }, 50);
    expect(run("run1").fuel).toEqual({ budget: 50, reserved: 10, spent: 0 });
    expect(run("run2").fuel.budget).toBe(20);
    complete("run2.first.main");
    complete("run2.second.main");
    expect(run("run1")).toMatchObject({ status: "running", fuel: { reserved: 5, spent: 20 } });
  });

  it("its time being over, what it held is there for others while it waits for its next attempt", () => {
    const slow = { ...child("two"), timeout_seconds: 10, retry: { max_attempts: 2, backoff_seconds: 100 } };
    const outer = plan("s", { s: search, a: { ...slow, dependencies: ["s"] } });
    const { run, complete, tick } = started(outer, { two }, 100);
    complete("run1.s.main");
    tick(20_000);
    expect(run("run2").status).toBe("cancelled");
    expect(run("run1")).toMatchObject({ status: "running", fuel: { reserved: 0, spent: 5 } });
  });
});

describe("A child run that is tried again", () => {
  it("has all that is free, whatever the attempt before has used", () => {
    const { run, complete, fail, tick } = started(
      plan("go", { go: { ...child("two"), retry } }),
      { two },
      30,
    );
    complete("run2.first.main");
    fail("run2.second.main");
    tick(1);
    for (const task of ["run3.first.main", "run3.second.main"]) complete(task);
    expect(run("run1")).toMatchObject({ status: "completed", fuel: { reserved: 0, spent: 30 } });
  });

  it("inside another child run has what its further attempts need", () => {
    const between = plan("go", { go: { ...child("two"), retry } });
    const { run, complete, fail, tick } = started(
      plan("top", { top: child("between") }),
      { between, two },
      100,
    );
    complete("run3.first.main");
    fail("run3.second.main");
    tick(1);
    for (const task of ["run4.first.main", "run4.second.main"]) complete(task);
    expect(run("run1")).toMatchObject({ status: "completed", fuel: { reserved: 0, spent: 30 } });
    expect(run("run2").fuel).toEqual({ budget: 40, reserved: 0, spent: 30 });
  });
});

/** A chain of one to three steps, some of them child runs, retried and limited as it comes. */
const chain = (workflows: readonly string[]) =>
  fc
    .array(
      fc.record({
        kind: fc.constantFrom("search", "text", "image", "fan", ...workflows),
        attempts: fc.integer({ min: 1, max: 3 }),
        fuel_budget: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined, freq: 4 }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((specs): Plan => {
      const actions: Record<string, object> = { search, text: write, image: { action: "ai_image_generate" } };
      const sub_tasks = (index: number) =>
        [...workflows, "x"].map((name) => ({
          step_name: `${index}${name}`,
          topic: name === "x" ? "system.adapter.web.search" : `workflow:${name}`,
        }));
      const steps = specs.map(({ kind, attempts, fuel_budget }, index): [string, Steps[string]] => [
        `s${index}`,
        {
          action: "",
          ...(kind === "fan"
            ? { action: "fan_out", sub_tasks: sub_tasks(index) }
            : (actions[kind] ?? child(kind))),
          fuel_budget,
          retry: { max_attempts: attempts, backoff_seconds: 0 },
          ...(index + 1 < specs.length && { next_step: `s${index + 1}` }),
        },
      ]);
      return plan("s0", Object.fromEntries(steps));
    });

describe("The bound of a plan's fuel", () => {
  it("is never exceeded, whatever happens in its runs", () => {
    const worlds = fc.record({
      inner: chain([]),
      middle: chain(["inner"]),
      outer: chain(["inner", "middle"]),
    });
    fc.assert(
      fc.property(worlds, fc.infiniteStream(fc.nat(9)), ({ inner, middle, outer }, fates) => {
        const { run, all, out, complete, fail, tick } = started(outer, { inner, middle }, 100_000);
        for (let round = 1; round < 1000 && !isFinished(run("run1")); round++) {
          tick(round);
          const [task] = out();
          // Late in a run of its own, an attempt has already paid for what came before.
          if (task && (fates.next().value ?? 0) < 4) fail(task.id, task.attempt, round);
          else if (task) complete(task.id, task.attempt);
        }
        expect(isFinished(run("run1"))).toBe(true);
        for (const { header, fuel } of all()) {
          const { most, unbounded } = estimateFuel(header.plan, header);
          expect(unbounded).toEqual([]);
          expect(fuel.spent).toBeLessThanOrEqual(most ?? -1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is what a run uses in which everything happens that can", () => {
    const outer = plan("a", { a: { ...child("two"), retry, next_step: "b" }, b: search });
    const { run, complete, fail, tick } = started(outer, { two });
    complete("run2.first.main");
    fail("run2.second.main");
    tick(1);
    for (const task of ["run3.first.main", "run3.second.main", "run1.b.main"]) complete(task);
    const { header, fuel } = run("run1");
    expect(estimateFuel(header.plan, header)).toEqual({ once: 25, most: 45, unbounded: [] });
    expect(fuel.spent).toBe(35);
  });

  it("is told where there is none, and why", () => {
    const outer = plan("a", {
      a: { ...search, for_each: "input.items", next_step: "b" },
      b: { ...child("looping"), next_step: "c" },
      c: { ...child("looping"), fuel_budget: 30, next_step: "d" },
      d: { action: "fan_out", sub_tasks: [{ step_name: "e", topic: "workflow:looping" }] },
    });
    const workflows = { looping: { plan: looping } };
    const estimate = estimateFuel(outer, {
      config: { model: "claude-haiku-5-5" },
      agents: {},
      textFuel: { "claude-haiku-5-5": 10 },
      workflows,
    });
    expect(estimate.most).toBeNull();
    expect(estimate.once).toBe(5 + 10 + 10 + 5 + 10);
    expect(estimate.unbounded.map(({ path }) => path)).toEqual([
      "steps.a.for_each",
      "steps.b.topic",
      "steps.d.sub_tasks",
    ]);
  });
});

it("A run of a version that did not keep what texts cost uses what it would have", () => {
  const before = started(plan("write", { write: { action: "ai_text_generate" } }), {});
  const { header, tasks } = before.run("run1");
  expect(header.textFuel).toEqual({ "claude-haiku-4-5": 10 });
  before.storage.sql.exec("UPDATE headers SET header = json_remove(header, '$.textFuel')");
  const { runs } = assemble(before.storage, before.newId, {}, () => undefined);
  expect(runs.load("run1")).toMatchObject({ header, tasks });
  expect(tasks["run1.write.main"]?.fuelReserved).toBe(10);
});

it("A run that the version before has stored, with all that its child may use held for it, goes on", () => {
  const outer = plan("go", { go: { ...child("two"), next_step: "last" }, last: search });
  const before = started(outer, { two }, 25);
  const { sql } = before.storage;
  sql.exec("UPDATE runs SET body = json_set(body, '$.fuel.reserved', 20) WHERE id = 'run1'");
  sql.exec("UPDATE tasks SET state = json_set(state, '$.fuelReserved', 20) WHERE id = 'run1.go.main'");
  const { runs, tasks } = assemble(before.storage, before.newId, {}, () => undefined);
  const fuel = () => runs.load("run1")?.fuel;
  const complete = (taskId: string) =>
    tasks.complete({ taskId, attempt: 1, result: { output: {}, usage } }, 1);
  expect(fuel()).toEqual({ budget: 25, reserved: 20, spent: 0 });
  complete("run2.first.main");
  expect(fuel()).toEqual({ budget: 25, reserved: 10, spent: 10 });
  for (const task of ["run2.second.main", "run1.last.main"]) complete(task);
  expect(runs.load("run1")).toMatchObject({ status: "completed", fuel: { reserved: 0, spent: 25 } });
});
