import { expect, inject, it } from "vitest";
import { dataOf } from "#client/index.ts";
import { eventually, instanceWith, signedIn } from "../support/outside.ts";
import { plan } from "../support/plans.ts";

const baseUrl = inject("baseUrl");
const { api } = await signedIn(baseUrl);
const administrator = await signedIn(baseUrl, "admin");

it("1 000 items go through the queues and come back in order", async () => {
  const steps = {
    each: {
      action: "web_search",
      for_each: "input.items",
      max_parallel: 50,
      input: { query: "{{item}}", num_results: 1 },
    },
  };
  const instance_id = await instanceWith(
    { administrator: administrator.api, user: api },
    plan("each", steps),
  );
  const items = Array.from({ length: 1000 }, (_, index) => `item ${index}`);
  const { correlation_id } = dataOf(
    await api.POST("/api/v1/personas/instances/{instance_id}/execute", {
      params: { path: { instance_id } },
      body: { input: { items } },
    }),
  );
  const run = await eventually(async () => {
    const params = { path: { correlation_id } };
    const found = dataOf(await api.GET("/api/v1/personas/runs/{correlation_id}", { params }));
    return found.completed_at === null ? undefined : found;
  }, 60_000);
  expect(run).toMatchObject({ status: "completed", fuel: { reserved: 0, spent: 5000 } });
  const [each] = run.steps;
  expect(each?.output).toMatchObject(items.map((query) => ({ query, total: 1 })));
}, 90_000);
