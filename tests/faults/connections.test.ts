import { expect, it } from "vitest";
import { Connections, maxConnections } from "../support/connections.ts";
import { plan } from "../support/plans.ts";
import { deliver, startedTask } from "../support/tasks.ts";

const weighed = {
  decision: "Which tea to serve",
  options: ["Green tea", "Black tea", "Mate", "Rooibos"],
  criteria: { factors: ["taste"], weights: { taste: 1 } },
};

it("A whole batch of reasoning tasks, each with its options weighed side by side, has six connections at most", async () => {
  const think = { action: "decide", topic: "system.agent.reasoning.process", input: weighed };
  const runs = await Promise.all(
    Array.from({ length: 3 }, (_, index) =>
      startedTask(`connections_${index}`, plan("think", { think }), {
        reasoning: { parallel_evaluation: true },
      }),
    ),
  );
  const { connections, calls } = await deliver(
    "agents",
    runs.map(({ envelope }) => envelope("think")),
  );
  expect(connections).toBe(maxConnections);
  expect(calls).toHaveLength(12);
  for (const { view } of runs) expect((await view()).status).toBe("completed");
});

it("A whole batch of searches and pictures has five", async () => {
  const steps = ["web_search", "ai_image_generate", "web_search", "ai_image_generate", "web_search"];
  const runs = await Promise.all(
    steps.map((action, index) =>
      startedTask(
        `connections_of_adapters_${index}`,
        plan("work", { work: { action, input: { query: "tea", prompt: "tea" } } }),
      ),
    ),
  );
  const { connections } = await deliver(
    "adapters",
    runs.map(({ envelope }) => envelope("work")),
  );
  expect(connections).toBeLessThanOrEqual(5);
  for (const { view } of runs) expect((await view()).status).toBe("completed");
});

it("The seventh connection of an invocation is noticed", async () => {
  const connections = new Connections();
  const { promise: hang, resolve } = Promise.withResolvers<void>();
  const six = Array.from({ length: maxConnections }, () => connections.through(() => hang));
  await expect(connections.through(() => hang)).rejects.toThrow("A connection too many");
  resolve();
  await Promise.all(six);
});
