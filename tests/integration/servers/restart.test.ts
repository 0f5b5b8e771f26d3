import { afterAll, expect, it } from "vitest";
import { dataOf } from "#client/index.ts";
import { makeInstance } from "#scripts/demo/parts.ts";
import { eventually, signedIn } from "../../support/outside.ts";
import { serverOfOnesOwn } from "../../support/server-of-ones-own.ts";

const server = serverOfOnesOwn();

afterAll(() => server.dispose());

it("Runs carry on after kill -9 and a start on the same state", async () => {
  const first = await signedIn(await server.start());
  const begin = async (template: string, topic: string): Promise<string> => {
    const instance_id = await makeInstance(first.api, template);
    const params = { path: { instance_id } };
    const body = { input: { topic } };
    return dataOf(await first.api.POST("/api/v1/personas/instances/{instance_id}/execute", { params, body }))
      .correlation_id;
  };
  const statusOf = async ({ api }: typeof first, correlation_id: string) =>
    dataOf(await api.GET("/api/v1/personas/runs/{correlation_id}", { params: { path: { correlation_id } } }));

  const waiting = await begin("Illustrated article", "tea");
  await eventually(async () => ((await statusOf(first, waiting)).status === "paused" ? true : undefined));
  // These are with their provider, or on their queue, at the moment of the kill.
  const inFlight = await Promise.all(
    ["one", "two", "three"].map((name) => begin("Copywriter", `${name} #slow`)),
  );
  await server.kill();

  const second = await signedIn(await server.start());
  const params = { path: { correlation_id: waiting } };
  dataOf(
    await second.api.POST("/api/v1/personas/runs/{correlation_id}/resume", {
      params,
      body: { approved: true },
    }),
  );
  for (const id of [waiting, ...inFlight]) {
    const run = await eventually(async () => {
      const found = await statusOf(second, id);
      return found.completed_at === null ? undefined : found;
    });
    expect(run).toMatchObject({ status: "completed", error: null, fuel: { reserved: 0 } });
  }
  const { spent } = (await statusOf(second, inFlight[0] ?? "")).fuel;
  expect(spent).toBe(10);
}, 120_000);
