import { beforeAll, describe, expect, inject, it } from "vitest";
import { dataOf } from "#client/index.ts";
import { instanceWith, signedIn } from "../support/outside.ts";
import { plan } from "../support/plans.ts";

const { api } = await signedIn(inject("baseUrl"));
const administrator = (await signedIn(inject("baseUrl"), "admin")).api;

const lookup = plan("search", {
  search: { action: "web_search", input: { query: "{{input.claim}}" }, next_step: "done" },
  done: { action: "complete_workflow", input: { sources: "{{steps.search.output.total}}" } },
});
const writing = plan("write", {
  write: {
    action: "ai_text_generate",
    tools: ["web_search", "remember", "workflow:integration-lookup"],
    input: { prompt: "Write about {{input.topic}}: {{input.wish}}" },
    next_step: "done",
  },
  done: { action: "complete_workflow", input: { text: "{{steps.write.output.text}}" } },
});

let instance_id: string;
beforeAll(async () => {
  const body = { name: "integration-lookup", description: "", plan: lookup };
  dataOf(await administrator.POST("/api/v1/admin/workflows", { body }));
  const tool_policy = [{ tool: "remember", verdict: "ask" as const }];
  const config = { model: "claude-haiku-5-5", tool_policy };
  instance_id = await instanceWith({ administrator, user: api }, writing, config);
});

const execute = async (wish: string) => {
  const { data } = await api.POST("/api/v1/personas/instances/{instance_id}/execute", {
    params: { path: { instance_id }, query: { wait: 25 } },
    body: { input: { topic: "tea", wish } },
  });
  return data?.correlation_id ?? "";
};

const runOf = async (correlation_id: string) =>
  dataOf(await api.GET("/api/v1/personas/runs/{correlation_id}", { params: { path: { correlation_id } } }));

describe("A persona with tools, through all Workers", () => {
  it("searches by the adapter and by a workflow, each a task of its run, and writes with what they found", async () => {
    const id = await execute("call `web_search` and call `workflow_integration-lookup`");
    const run = await runOf(id);
    expect(run).toMatchObject({
      status: "completed",
      // Two texts by the small model, a search, and the one of the workflow.
      fuel: { reserved: 0, spent: 2 * 10 + 5 + 5 },
      data: { write: { turns: 2, tool_calls: 2 } },
      children: [{ workflow: "integration-lookup", step: "write", task: "t0.1", status: "completed" }],
      result: { text: expect.stringContaining("Worth reading on it") },
    });
    const { tasks } = dataOf(
      await api.GET("/api/v1/personas/runs/{correlation_id}/tasks", {
        params: { path: { correlation_id: id }, query: { include: "output" } },
      }),
    );
    expect(tasks.map(({ name, action, status }) => [name, action, status])).toEqual([
      ["m0", "ai_text_generate", "completed"],
      ["t0.0", "web_search", "completed"],
      ["t0.1", "workflow", "completed"],
      ["m1", "ai_text_generate", "completed"],
    ]);
  });

  it("asks its owner before it uses what its policy asks about", async () => {
    const id = await execute("call `remember`");
    const { status, waiting } = await runOf(id);
    expect({ status, waiting }).toMatchObject({
      status: "paused",
      waiting: [{ step: "write.t0.0", review: { tool: "remember", input: { content: "tea" } } }],
    });
    const params = { path: { correlation_id: id } };
    const body = { approved: true, step: "write.t0.0" };
    dataOf(await api.POST("/api/v1/personas/runs/{correlation_id}/resume", { params, body }));
    const kept = dataOf(
      await api.GET("/api/v1/personas/instances/{instance_id}/memories", {
        params: { path: { instance_id } },
      }),
    );
    expect(kept.memories).toMatchObject([{ content: "tea" }]);
  });
});
