import { beforeAll, describe, expect, inject, it } from "vitest";
import { dataOf } from "#client/index.ts";
import { makeInstance } from "#scripts/demo/parts.ts";
import { checkedFetch, eventually, signedIn } from "../support/outside.ts";

const baseUrl = inject("baseUrl");
const { token, api } = await signedIn(baseUrl);
const administrator = await signedIn(baseUrl, "admin");

/** One run of the illustrated article, approved and done. */
let instance_id: string;
let correlation_id: string;
let params: { path: { instance_id: string } };

beforeAll(async () => {
  instance_id = await makeInstance(api, "Illustrated article");
  params = { path: { instance_id } };
  const { data } = await api.POST("/api/v1/personas/instances/{instance_id}/execute", {
    params: { ...params, query: { wait: 25 } },
    body: { input: { topic: "tea" } },
  });
  correlation_id = data?.correlation_id ?? "";
  const path = { correlation_id };
  dataOf(
    await api.POST("/api/v1/personas/runs/{correlation_id}/resume", {
      params: { path },
      body: { approved: true },
    }),
  );
  await eventually(async () => {
    const { runs } = dataOf(await api.GET("/api/v1/personas/instances/{instance_id}/history", { params }));
    return runs.find((run) => run.status === "completed");
  });
});

describe("What a run leaves behind", () => {
  it("is in the instance's history with what it used", async () => {
    const { runs } = dataOf(await api.GET("/api/v1/personas/instances/{instance_id}/history", { params }));
    expect(runs).toMatchObject([{ correlation_id, status: "completed", error: null }]);
    expect(runs[0]?.fuel.spent).toBeGreaterThan(50);
    expect(runs[0]?.tokens.output).toBeGreaterThan(0);
  });

  it("is in its log, line by line", async () => {
    const logs = await eventually(async () => {
      const page = dataOf(await api.GET("/api/v1/personas/instances/{instance_id}/logs", { params }));
      return page.logs.length === 6 ? page.logs : undefined;
    });
    expect(logs[0]).toMatchObject({ message: "Run completed", level: "info" });
    expect(logs.at(-1)).toMatchObject({ message: "Run started" });
    expect(logs.map(({ step }) => step)).toEqual(expect.arrayContaining(["gather", "write", "review"]));
    expect(logs.map(({ agent_type }) => agent_type)).toEqual(
      expect.arrayContaining(["web-search", "image-generator", "reasoning"]),
    );
  });

  it("is among its images, under an address that opens", async () => {
    const images = await eventually(async () => {
      const page = dataOf(await api.GET("/api/v1/personas/instances/{instance_id}/images", { params }));
      return page.images.length > 0 ? page.images : undefined;
    });
    expect(images).toMatchObject([{ correlation_id, step: "gather" }]);
    const image = await checkedFetch(baseUrl)(`${baseUrl}${images[0]?.image_uri}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([image.status, image.headers.get("content-type")]).toEqual([200, "image/png"]);
  });

  it("counts in administrators' views of the agent and of the client", async () => {
    const { agent, executions } = dataOf(
      await administrator.api.GET("/api/v1/admin/agents/{agent_id}", {
        params: { path: { agent_id: instance_id } },
      }),
    );
    expect(agent).toMatchObject({
      template_name: "Illustrated article",
      usage: { total_executions: 1, successful_runs: 1, failed_runs: 0 },
      health: { status: "healthy", queue_depth: 0 },
    });
    expect(executions).toMatchObject([{ correlation_id }]);
    const stats = dataOf(
      await administrator.api.GET("/api/v1/admin/clients/{client_id}/stats", {
        params: { path: { client_id: "demo_client" } },
      }),
    );
    expect(stats.total_fuel_consumed).toBeGreaterThanOrEqual(agent.usage.fuel_consumed);
    expect(stats.total_workflows).toBeGreaterThanOrEqual(1);
  });
});
