import { v7 as uuidv7 } from "uuid";
import { expect, inject, it } from "vitest";
import { dataOf } from "#client/index.ts";
import { instanceWith, signedIn } from "../support/outside.ts";
import { plan } from "../support/plans.ts";

const baseUrl = inject("baseUrl");
const user = await signedIn(baseUrl);
const administrator = await signedIn(baseUrl, "admin");
const apis = { administrator: administrator.api, user: user.api };

/** What the one step of a plan gives whose topic is an agent definition's. */
async function outputBy(type: string, action: string, input: Record<string, unknown>) {
  const steps = { work: { action, topic: `system.tasks.${type}`, input } };
  const instance_id = await instanceWith(apis, plan("work", steps));
  const run = dataOf(
    await user.api.POST("/api/v1/personas/instances/{instance_id}/execute", {
      params: { path: { instance_id }, query: { wait: 20 } },
      body: { input: {} },
    }),
  );
  return "steps" in run ? { status: run.status, ...run.steps[0] } : run;
}

it("The topic of an adapter's agent definition leads to the adapters", async () => {
  expect(await outputBy("web-search", "web_search", { query: "tea" })).toMatchObject({
    status: "completed",
    output: { query: "tea", total: 10 },
  });
  expect(await outputBy("image-generator", "ai_image_generate", { prompt: "tea" })).toMatchObject({
    status: "completed",
    output: { image_uri: expect.stringMatching(/\.png$/) },
  });
});

it("An adapter of one's own searches with its own defaults", async () => {
  const type = `news-${uuidv7().slice(-8)}`;
  const definition = {
    type,
    display_name: "News",
    description: "",
    category: "adapter" as const,
    default_config: { search_type: "news", num_results: 3 },
  };
  dataOf(await administrator.api.POST("/api/v1/admin/agent-definitions", { body: definition }));
  const result = { title: expect.any(String), url: expect.any(String), snippet: expect.any(String) };
  expect(await outputBy(type, "web_search", { query: "tea" })).toMatchObject({
    status: "completed",
    output: { total: 3, results: expect.arrayContaining([{ ...result, published_at: expect.any(String) }]) },
  });
  expect(await outputBy(type, "classify", { query: "tea" })).toMatchObject({
    status: "failed",
    error: { code: "WORKFLOW_INVALID" },
  });
  const { topics } = dataOf(await administrator.api.GET("/api/v1/admin/system/topics"));
  expect(topics).toContainEqual(
    expect.objectContaining({
      topic: `system.tasks.${type}`,
      queues: ["adapter-tasks"],
      consumer: "persona-adapters",
    }),
  );
});
