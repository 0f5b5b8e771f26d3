import { describe, expect, inject, it } from "vitest";
import { z } from "zod";
import { dataOf, LiveTexts, type PlatformEvent, personaClient } from "#client/index.ts";
import { makeInstance } from "#scripts/demo/parts.ts";
import { checkedFetch, eventually, signedIn } from "../support/outside.ts";

const documentSchema = z.object({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))),
});
const articleSchema = z.object({ article: z.string(), image_uri: z.string() });

const baseUrl = inject("baseUrl");
const topic = "tea";

const { token, api } = await signedIn(baseUrl);

const execute = async (template: string, wait: number) => {
  const path = { instance_id: await makeInstance(api, template) };
  return api.POST("/api/v1/personas/instances/{instance_id}/execute", {
    params: { path, query: { wait } },
    body: { input: { topic } },
  });
};

const runOf = async (correlation_id: string) =>
  dataOf(await api.GET("/api/v1/personas/runs/{correlation_id}", { params: { path: { correlation_id } } }));

describe("All Workers together", () => {
  it("Copywriter: one text step, answered within ?wait", async () => {
    const { data, response } = await execute("Copywriter", 25);
    expect(response.status).toBe(200);
    expect(data).toMatchObject({ status: "completed", result: { text: expect.stringContaining(topic) } });
  });

  it("Researcher: fans out to three searches and writes from them", async () => {
    const { data } = await execute("Researcher", 25);
    expect(data).toMatchObject({
      status: "completed",
      fuel: { spent: 5 + 3 * 5 + 25, reserved: 0 },
      result: {
        sources: expect.arrayContaining([expect.objectContaining({ title: expect.stringContaining(topic) })]),
      },
    });
  });

  it("Illustrated article: search and image, text streamed live, approval, review, image fetched", async () => {
    const frames: PlatformEvent[] = [];
    const socket = personaClient({ baseUrl, token }).realtime.connect();
    socket.on("execution.*", (event) => frames.push(event));
    await socket.ready;
    const { data } = await execute("Illustrated article", 25);
    expect(data).toMatchObject({ status: "paused", current_step: "approve" });
    const id = data?.correlation_id ?? "";
    const params = { path: { correlation_id: id } };
    dataOf(
      await api.POST("/api/v1/personas/runs/{correlation_id}/resume", { params, body: { approved: true } }),
    );
    const mine = () => frames.filter(({ entity_id }) => entity_id === id);
    await eventually(async () => mine().find(({ event }) => event === "execution.completed"));
    socket.close();

    const run = await runOf(id);
    expect(run).toMatchObject({
      status: "completed",
      result: {
        review: { review_passed: true },
        image_uri: expect.stringMatching(/^\/api\/v1\/images\/demo_client\//),
      },
    });
    const result = articleSchema.parse(run.result);
    const texts = new LiveTexts();
    for (const frame of mine()) texts.take(frame);
    expect(texts.all).toEqual([result.article]);
    const seqs = mine().flatMap(({ seq }) => seq ?? []);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    const image = await checkedFetch(baseUrl)(`${baseUrl}${result.image_uri}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(image.headers.get("content-type")).toBe("image/png");
    expect(
      Buffer.from(await image.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
  });

  it("a run whose provider fails ends as failed with the provider's code", async () => {
    const path = { instance_id: await makeInstance(api, "Copywriter") };
    const { data } = await api.POST("/api/v1/personas/instances/{instance_id}/execute", {
      params: { path, query: { wait: 25 } },
      body: { input: { topic: "tea #refusal" } },
    });
    expect(data).toMatchObject({ status: "failed", error: { code: "AI_SERVICE_ERROR" } });
  });
});

describe("Documents", () => {
  it("are served without anything from the internet", async () => {
    const page = await (await fetch(`${baseUrl}/api/docs`)).text();
    expect(page).toContain("/assets/api-reference.js");
    expect(page).not.toMatch(/https?:\/\/(?!127\.0\.0\.1)/);
    const script = await fetch(`${baseUrl}/assets/api-reference.js`);
    expect(script.status).toBe(200);
    await script.body?.cancel();
  });

  it("describe every operation with id, summary, tags and error responses", async () => {
    const document = documentSchema.parse(await (await fetch(`${baseUrl}/openapi.json`)).json());
    expect(document.openapi).toBe("3.1.0");
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
    );
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, operation } of operations) {
      expect(operation, name).toMatchObject({
        operationId: expect.stringMatching(/^[a-z][A-Za-z]+$/),
        summary: expect.any(String),
        tags: [expect.any(String)],
        responses: { 500: expect.anything() },
      });
    }
  });
});
