import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { Connections, maxConnections } from "../../support/connections.ts";
import { plan, startRequest } from "../../support/plans.ts";
import { sentBy } from "../../support/recorded.ts";

const tasks = 13;

const large = plan("each", {
  each: {
    action: "ai_text_generate",
    for_each: "input.items",
    max_parallel: tasks,
    input: { prompt: "About {{item}}", notes: "{{input.notes}}" },
  },
});

it("Payloads that are too large for a message are stored side by side, as many at a time as there are connections", async () => {
  const clientId = "large_payloads";
  const input = {
    items: Array.from({ length: tasks }, (_, index) => `item ${index}`),
    notes: "long ".repeat(30_000),
  };
  const tenant = env.TENANT_WORKFLOWS.getByName(clientId);
  valueOrThrow(await tenant.startRun(startRequest(clientId, { plan: large, input })));
  const connections = new Connections();
  const { tasks: sent } = await sentBy(clientId, connections.counted(env.BLOBS));
  expect(sent).toHaveLength(tasks);
  for (const { payload, payload_ref = "" } of sent) {
    expect(payload).toBeUndefined();
    expect(await env.BLOBS.head(payload_ref)).not.toBeNull();
  }
  expect(connections.peak).toBe(maxConnections);
});
