import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { dataOf, makeInstance } from "../../scripts/demo/parts.ts";
import { launch } from "../../scripts/local/launch.ts";
import { localOptions } from "../../scripts/local/options.ts";
import { type LocalServer, stopServer, untilHealthy } from "../../scripts/local/server.ts";
import { eventually, signedIn } from "../support/outside.ts";

const stateDirectory = mkdtempSync(join(tmpdir(), "persona-restart-"));
let server: LocalServer | undefined;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });

/** `npm start` on this test's state. */
async function start(): Promise<string> {
  server = await launch(localOptions({ PORT: String(await freePort()), STATE_DIR: stateDirectory }));
  await untilHealthy(server);
  return server.baseUrl;
}

/** Ends every process of the server at once, without a word. */
async function kill(): Promise<void> {
  const { pid } = server?.process ?? {};
  if (server === undefined || pid === undefined) throw new Error("no server");
  const ended = new Promise((resolve) => server?.process.once("exit", resolve));
  process.kill(-pid, "SIGKILL");
  await ended;
}

afterAll(async () => {
  if (server) await stopServer(server);
  rmSync(stateDirectory, { recursive: true, force: true });
});

it("Runs carry on after kill -9 and a start on the same state", async () => {
  const first = await signedIn(await start());
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
  await kill();

  const second = await signedIn(await start());
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
