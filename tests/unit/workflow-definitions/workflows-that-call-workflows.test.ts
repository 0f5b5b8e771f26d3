import { describe, expect, it } from "vitest";
import { bodyOf } from "../../support/personas.ts";
import { calling, makeWorkflow, postWorkflow } from "../../support/workflows.ts";
import { admin, put, read, refusal } from "./definitions.ts";

describe("Workflows that call workflows", () => {
  it("may not lead back to themselves, however long the way", async () => {
    expect((await refusal(await postWorkflow(admin, "self", calling("self")))).details.errors).toMatchObject([
      { path: "steps.self.topic", message: "Workflows go in a circle: self → self" },
    ]);
    await makeWorkflow(admin, "circle-a");
    await makeWorkflow(admin, "circle-b", calling("circle-a"));
    await makeWorkflow(admin, "circle-c", calling("circle-b"));
    const closing = await refusal(await put("circle-a", { plan: calling("circle-c") }));
    expect(closing.details.errors[0]?.message).toBe(
      "Workflows go in a circle: circle-c → circle-b → circle-a → circle-c",
    );
  });

  it("may be nested four deep and no deeper", async () => {
    await makeWorkflow(admin, "deep-1");
    for (const level of [2, 3, 4]) await makeWorkflow(admin, `deep-${level}`, calling(`deep-${level - 1}`));
    const above = await makeWorkflow(admin, "deep-5", calling("deep-4"));
    expect(above.validation.valid).toBe(true);
    const { details } = await refusal(await postWorkflow(admin, "deep-6", calling("deep-5")));
    expect(details.errors[0]?.message).toBe(
      "Workflows are nested more than 4 deep: deep-5 → deep-4 → deep-3 → deep-2 → deep-1",
    );
  });

  it("may reach twenty others and no more", async () => {
    const names = Array.from({ length: 21 }, (_, index) => `wide-${index}`);
    await Promise.all(names.map((name) => makeWorkflow(admin, name)));
    expect((await postWorkflow(admin, "twenty", calling(...names.slice(1)))).status).toBe(201);
    const { details } = await refusal(await postWorkflow(admin, "many", calling(...names)));
    expect(details.errors.map(({ message }) => message)).toContain("The plan reaches more than 20 workflows");
  });

  it("cost in the estimate what their children cost, as often as they are started", async () => {
    await makeWorkflow(admin, "priced", { start_step: "s", steps: { s: { action: "web_search" } } });
    const task = (step_name: string) => ({ step_name, topic: "workflow:priced" });
    const { validation } = await makeWorkflow(admin, "pricing", {
      start_step: "all",
      steps: { all: { action: "fan_out", sub_tasks: [task("one"), task("two")] } },
    });
    expect(validation.metrics).toMatchObject({ estimated_fuel: 5 + 2 * 5, external_calls: 2 });
  });

  it("count as broken once one below is switched off, and say so", async () => {
    await makeWorkflow(admin, "below");
    await makeWorkflow(admin, "above", calling("below"));
    await bodyOf(await put("below", { is_active: false }), 200);
    expect((await read("above")).validation).toMatchObject({
      valid: false,
      errors: [{ path: "steps.below.topic", message: "There is no active workflow below" }],
    });
  });
});
