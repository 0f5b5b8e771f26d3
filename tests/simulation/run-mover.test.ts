import { expect, it } from "vitest";
import { isFinished } from "#src/engine/run-state.ts";
import { plan } from "../support/plans.ts";
import { started } from "./started.ts";

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
  const { transitions } = started(plan("fan", { fan: children() }), { inner });
  expect(transitions.map(({ after }) => after.header.id)).not.toContain("run3");
  expect(transitions.at(-1)?.after).toMatchObject({ header: { id: "run1" }, status: "failed" });
});

it("What a child run has used is charged before another that fails can end their step", () => {
  const inner = plan("note", {
    note: { action: "store_memory", input: { content: "{{input.who}}" }, next_step: "stop" },
    stop: { action: "web_search", input: { q: "{{input.nothing}}" } },
  });
  const { run } = started(plan("fan", { fan: children() }), { inner });
  // The first child kept a memory (2) and failed; the other never began. The fan-out itself costs 5.
  expect(run("run1")).toMatchObject({ status: "failed", fuel: { reserved: 0, spent: 2 + 5 } });
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
  const { run, complete, desk } = started(outer, { inner }, 25);
  complete("run2.first.main");
  desk.tick(run("run1"), 10_000);
  expect(run("run2").status).toBe("cancelled");
  expect(run("run1").fuel).toEqual({ budget: 25, reserved: 10, spent: 10 });
  expect(isFinished(run("run1"))).toBe(false);
});
