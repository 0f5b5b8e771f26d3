import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { tenantWorkflows } from "../../../durable-objects/tenant-workflows/client.ts";
import { valueOrThrow } from "../../../src/http/outcome.ts";
import { plan, startRequest } from "../../support/plans.ts";

it.each([100, 1000])("%d children", async (n) => {
  const quick = plan("done", { done: { action: "complete_workflow", input: { echo: "{{input.topic}}" } } });
  const own = plan("each", {
    each: { action: "run", topic: "workflow:quick", for_each: "input.items", input: { topic: "{{item}}" } },
  });
  const tenant = tenantWorkflows(env, `adhoc_${n}`);
  const t = Date.now();
  const { correlationId } = valueOrThrow(
    await tenant.startRun(
      startRequest(`adhoc_${n}`, {
        plan: own,
        input: { items: Array.from({ length: n }, (_, i) => `i${i}`) },
        workflows: { quick: { id: "w", version: 1, plan: quick } },
      }),
    ),
  );
  const t2 = Date.now();
  const view = valueOrThrow(await tenant.getRun(correlationId, "tenant"));
  console.log(
    n,
    "start",
    t2 - t,
    "view",
    Date.now() - t2,
    view.status,
    view.children.length,
    JSON.stringify(view).length,
  );
  expect(view.status).toBe("completed");
});
