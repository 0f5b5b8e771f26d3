import { beforeAll, describe, expect, inject, it } from "vitest";
import { dataOf } from "#client/index.ts";
import { checkedFetch, eventually, instanceWith, signedIn } from "../support/outside.ts";
import { plan } from "../support/plans.ts";

const baseUrl = inject("baseUrl");
const { token, api } = await signedIn(baseUrl);
const administrator = (await signedIn(baseUrl, "admin")).api;

const research = plan("search", {
  search: { action: "web_search", input: { query: "{{input.topic}}" }, next_step: "write" },
  write: {
    action: "ai_text_generate",
    input: { prompt: "Write about {{input.topic}}", sources: "{{steps.search.output.results}}" },
    next_step: "done",
  },
  done: { action: "complete_workflow", input: { text: "{{steps.write.output.text}}" } },
});
const approval = plan("ask", {
  ask: { action: "pause_for_human_input", input: { draft: "{{input.draft}}" }, next_step: "done" },
  done: { action: "complete_workflow", input: { verdict: "{{data.human_feedback}}" } },
});
const article = plan("gather", {
  gather: {
    action: "fan_out",
    sub_tasks: ["kites", "tides"].map((topic) => ({
      step_name: topic,
      topic: "workflow:integration-research",
      input: { topic: `{{input.topic}} and ${topic}` },
    })),
    next_step: "approve",
  },
  approve: {
    action: "approve",
    topic: "workflow:integration-approval",
    input: { draft: "{{steps.kites.output.text}}" },
    next_step: "done",
  },
  done: {
    action: "complete_workflow",
    input: {
      kites: "{{steps.kites.output.text}}",
      tides: "{{steps.tides.output.text}}",
      verdict: "{{steps.approve.output.verdict}}",
    },
  },
});

let instance_id: string;
beforeAll(async () => {
  for (const [name, of] of Object.entries({
    "integration-research": research,
    "integration-approval": approval,
  })) {
    dataOf(
      await administrator.POST("/api/v1/admin/workflows", { body: { name, description: "", plan: of } }),
    );
  }
  instance_id = await instanceWith({ administrator, user: api }, article);
});

const paused = async () => {
  const { data } = await api.POST("/api/v1/personas/instances/{instance_id}/execute", {
    params: { path: { instance_id }, query: { wait: 25 } },
    body: { input: { topic: "tea" } },
  });
  return data?.correlation_id ?? "";
};

const runOf = async (correlation_id: string) =>
  dataOf(await api.GET("/api/v1/personas/runs/{correlation_id}", { params: { path: { correlation_id } } }));

describe("A run with child runs, through all Workers", () => {
  it("joins what they give, waits while one does, and ends when it is answered", async () => {
    const id = await paused();
    const waiting = await runOf(id);
    expect(waiting).toMatchObject({
      status: "paused",
      current_step: "approve",
      data: {
        gather: {
          kites: { text: expect.stringContaining("kites") },
          tides: { text: expect.stringContaining("tides") },
        },
      },
      children: [
        { workflow: "integration-research", task: "kites", status: "completed" },
        { workflow: "integration-research", task: "tides", status: "completed" },
        { workflow: "integration-approval", step: "approve", status: "paused" },
      ],
    });
    const child = await runOf(waiting.children?.[0]?.correlation_id ?? "");
    expect(child).toMatchObject({ parent_id: id, status: "completed", instance_id });

    const params = { path: { correlation_id: id } };
    const body = { approved: true, feedback: "Fine" };
    expect(
      dataOf(await api.POST("/api/v1/personas/runs/{correlation_id}/resume", { params, body })),
    ).toMatchObject({
      status: "completed",
    });
    expect(await runOf(id)).toMatchObject({
      result: {
        kites: expect.stringContaining("kites"),
        tides: expect.stringContaining("tides"),
        verdict: "Fine",
      },
      // The fan-out, and twice a search and a text of the small model; approval costs nothing.
      fuel: { reserved: 0, spent: 5 + 2 * (5 + 10) },
    });

    const events = await checkedFetch(baseUrl)(`${baseUrl}/api/v1/personas/runs/${id}/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const told = await events.text();
    expect(told).toContain('"workflow":"integration-research"');
    expect(told).toContain("WORKFLOW_PAUSED_FOR_APPROVAL");
    expect(told.match(/^event: execution\.(?:completed|failed|cancelled)$/gm)).toEqual([
      "event: execution.completed",
    ]);
  });

  it("is among the runs of the definitions it carried out, and of all tenants", async () => {
    const id = await paused();
    const listed = await eventually(async () => {
      const { runs } = dataOf(
        await administrator.GET("/api/v1/admin/workflows/{workflow}/runs", {
          params: { path: { workflow: "integration-research" } },
        }),
      );
      return runs.find(({ correlation_id, status }) => correlation_id === id && status === "paused");
    });
    expect(listed).toMatchObject({ workflow_version: 1, client_id: "demo_client", instance_id });
    const { runs } = dataOf(
      await administrator.GET("/api/v1/admin/workflows/runs", {
        params: { query: { status: "PAUSED_FOR_HUMAN_INPUT", client_id: "demo_client" } },
      }),
    );
    expect(runs.map(({ correlation_id }) => correlation_id)).toContain(id);
  });

  it("takes its children along when an administrator terminates it", async () => {
    const correlation_id = await paused();
    const decided = await administrator.POST("/api/v1/admin/workflows/{correlation_id}/resume", {
      params: { path: { correlation_id } },
      body: { action: "terminate" },
    });
    expect(dataOf(decided)).toMatchObject({ status: "failed" });
    const run = await runOf(correlation_id);
    expect(run).toMatchObject({ error: { message: "Manually terminated by admin" }, fuel: { reserved: 0 } });
    expect(run.children?.at(-1)).toMatchObject({ workflow: "integration-approval", status: "cancelled" });
    const again = await administrator.POST("/api/v1/admin/workflows/runs/{correlation_id}/resume", {
      params: { path: { correlation_id } },
      body: { action: "resume" },
    });
    expect(again.response.status).toBe(409);
  });

  it("has the pictures of its children among those of the instance, under addresses that open", async () => {
    const drawing = plan("draw", {
      draw: { action: "ai_image_generate", input: { prompt: "A picture of {{input.topic}}" } },
    });
    const body = { name: "integration-drawing", description: "", plan: drawing };
    dataOf(await administrator.POST("/api/v1/admin/workflows", { body }));
    const own = plan("go", { go: { action: "run", topic: "workflow:integration-drawing" } });
    const params = { path: { instance_id: await instanceWith({ administrator, user: api }, own) } };
    const { data } = await api.POST("/api/v1/personas/instances/{instance_id}/execute", {
      params: { ...params, query: { wait: 25 } },
      body: { input: { topic: "tea" } },
    });
    const [image] = await eventually(async () => {
      const page = dataOf(await api.GET("/api/v1/personas/instances/{instance_id}/images", { params }));
      return page.images.length > 0 ? page.images : undefined;
    });
    expect(image).toMatchObject({ correlation_id: data?.correlation_id, step: "draw" });
    const picture = await checkedFetch(baseUrl)(`${baseUrl}${image?.image_uri}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/png"]);
  });
});
