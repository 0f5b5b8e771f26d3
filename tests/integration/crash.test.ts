import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, expect, it } from "vitest";
import { dataOf } from "#client/index.ts";
import { withLocalDatabase } from "#scripts/local/local-database.ts";
import { database } from "#src/db/client.ts";
import { runs as runTable } from "#src/db/schema/index.ts";
import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import { countingUpstream, type UpstreamCall } from "../support/counting-upstream.ts";
import { eventually, instanceWith, signedIn } from "../support/outside.ts";
import { plan } from "../support/plans.ts";
import { serverOfOnesOwn } from "../support/server-of-ones-own.ts";

const count = 200;
const kills = 3;
/** From readiness until everything that was with a provider at the kill is there again. */
const recoveryMs = 5000;

const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);
let state = seed;
/** From `least` to `most`; the same numbers for the same seed. */
function random(least: number, most: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return least + Math.floor((state / 2 ** 32) * (most - least + 1));
}

const upstream = await countingUpstream({
  latencyMs: 200,
  markerOf: (text) => /run-\d{3}(-first|-second)?/.exec(text)?.[0] ?? "unknown",
});
const server = serverOfOnesOwn(upstream.settings);

afterAll(async () => {
  await server.dispose();
  upstream.close();
});

const threeSteps = plan("find", {
  find: {
    action: "fan_out",
    sub_tasks: ["first", "second"].map((step_name) => ({
      step_name,
      topic: "system.adapter.web.search",
      input: { query: `{{input.topic}}-${step_name}`, num_results: 1 },
    })),
    next_step: "write",
  },
  write: { action: "ai_text_generate", input: { prompt: "About {{input.topic}}" }, next_step: "draw" },
  draw: {
    action: "ai_image_generate",
    when: "input.draw",
    input: { prompt: "{{input.topic}}" },
    next_step: "done",
  },
  done: {
    action: "complete_workflow",
    input: {
      first: "{{steps.first.output.query}}",
      second: "{{steps.second.output.query}}",
      text: "{{steps.write.output.text}}",
    },
  },
});

const topics = Array.from({ length: count }, (_, index) => `run-${String(index).padStart(3, "0")}`);
const isDrawn = (topic: string) => topic.endsWith("0");
const fuelOf = (topic: string) => 5 + 2 * 5 + 10 + (isDrawn(topic) ? 40 : 0);
const taskCount = 3 * count + topics.filter(isDrawn).length;
/** How many tasks have been begun at each kill. */
const killTargets = Array.from({ length: kills }, (_, kill) => random(60, 180) + kill * 160);
const nameOf = ({ path, marker }: UpstreamCall) => `${path} ${marker}`;

it(`${count} runs survive ${kills} kills of everything: none lost, none hanging, nothing done twice (CRASH_SEED=${seed})`, async () => {
  const { api } = await signedIn(await server.start());
  const administrator = await signedIn(await server.address(), "admin");
  const instance_id = await instanceWith({ administrator: administrator.api, user: api }, threeSteps);

  /** As any client: with a key of its own, again until there is an answer. */
  const submit = (topic: string): Promise<string> =>
    eventually(async () => {
      const answer = await api
        .POST("/api/v1/personas/instances/{instance_id}/execute", {
          params: { path: { instance_id }, header: { "idempotency-key": topic } },
          body: { input: { topic, draw: isDrawn(topic) } },
        })
        .catch(() => undefined);
      return answer === undefined || answer.response.status >= 500
        ? undefined
        : dataOf(answer).correlation_id;
    }, 60_000);
  const submitted = mapConcurrent(topics, 20, submit);

  const deaths: { cutOff: UpstreamCall[]; killed: number; ready: number; took: number }[] = [];
  for (const target of killTargets) {
    await eventually(async () => (new Set(upstream.calls.map(nameOf)).size >= target ? true : undefined));
    await new Promise((resolve) => setTimeout(resolve, random(0, 100)));
    const cutOff = upstream.calls.filter(({ answered }) => !answered);
    const killed = Date.now();
    await server.kill();
    await upstream.nextLife();
    const begun = Date.now();
    await server.start();
    deaths.push({ cutOff, killed, ready: Date.now(), took: Date.now() - begun });
    console.log(`killed when ${target} tasks had been begun; ${cutOff.length} calls cut off`);
  }

  const ids = await submitted;
  expect(new Set(ids).size).toBe(count);
  const finished = await mapConcurrent(ids, 10, (correlation_id) =>
    eventually(async () => {
      const params = { path: { correlation_id } };
      const run = dataOf(await api.GET("/api/v1/personas/runs/{correlation_id}", { params }));
      return run.completed_at === null ? undefined : run;
    }),
  );
  for (const [index, run] of finished.entries()) {
    const topic = topics[index] ?? "";
    expect(run).toMatchObject({
      status: "completed",
      error: null,
      fuel: { reserved: 0, spent: fuelOf(topic) },
      result: { first: `${topic}-first`, second: `${topic}-second`, text: expect.stringContaining(topic) },
    });
    expect(run.steps.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1]);
  }

  const tasks = [...Map.groupBy(upstream.calls, nameOf).values()];
  expect(tasks).toHaveLength(taskCount);
  for (const calls of tasks) {
    // At most one call of a task in each life of the platform, so a further one only after a kill; the same key each time.
    expect(new Set(calls.map(({ life }) => life)).size).toBe(calls.length);
    expect(new Set(calls.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    if (calls[0]?.path === "/v1/messages") expect(calls[0].idempotencyKey).toMatch(/\.write\.main:1$/);
  }
  for (const [index, { cutOff, ready, took }] of deaths.entries()) {
    // What the next kill came before is waited for by the next start.
    const patience = (deaths[index + 1]?.killed ?? Number.POSITIVE_INFINITY) - ready;
    const waits = cutOff.map((call) => {
      const again = upstream.calls.find(
        ({ life, ...other }) => life > index && nameOf({ life, ...other }) === nameOf(call),
      );
      return again?.life === index + 1 ? again.at - ready : patience;
    });
    const recovery = Math.max(0, ...waits);
    console.log(
      `start ${index + 1} took ${took} ms; what was cut off was there again ${recovery} ms after readiness`,
    );
    // A machine that is too busy to start the server in time is given as long as that took.
    expect(recovery).toBeLessThan(Math.max(recoveryMs, took));
  }
  console.log(`${upstream.calls.length - tasks.length} extra calls of ${upstream.calls.length}`);
  // What went wrong inside and was put right by a repetition would show here.
  const log = readFileSync(join(server.stateDirectory, "server.log"), "utf8");
  expect(log.match(/.*("level":"error"|SQLITE_ERROR|TypeError).*/g) ?? []).toEqual([]);

  // The administrators' list is the read model alone: until every copy has arrived there.
  await eventually(async () => {
    const completed = await Promise.all(
      [0, 100].map(async (offset) => {
        const query = { status: "completed", client_id: "demo_client", limit: 100, offset } as const;
        return dataOf(await administrator.api.GET("/api/v1/admin/workflows/runs", { params: { query } }))
          .count;
      }),
    );
    return completed[0] === 100 && completed[1] === 100 ? true : undefined;
  });
  // Each attempt has left one line in the log of its persona.
  const lines = [];
  for (let cursor: string | undefined, isMore = true; isMore; ) {
    const params = { path: { instance_id }, query: { limit: 100, cursor } };
    const page = dataOf(await api.GET("/api/v1/personas/instances/{instance_id}/logs", { params }));
    lines.push(...page.logs);
    cursor = page.next_cursor ?? undefined;
    isMore = cursor !== undefined;
  }
  const attempts = lines.filter(({ attempt }) => attempt !== null);
  expect(attempts.filter(({ level }) => level !== "info")).toEqual([]);
  for (const [index, id] of ids.entries()) {
    const own = attempts.filter(({ correlation_id }) => correlation_id === id);
    expect(own.map(({ step }) => step).sort()).toEqual([
      ...(isDrawn(topics[index] ?? "") ? ["draw"] : []),
      "find",
      "find",
      "write",
    ]);
    expect(own.reduce((sum, { fuel }) => sum + (fuel ?? 0), 5)).toBe(fuelOf(topics[index] ?? ""));
  }
  await server.stop();
  await withLocalDatabase(
    server.stateDirectory,
    join(server.stateDirectory, "configs/gateway.json"),
    async (binding) => {
      const db = database(binding);
      const rows = await db.select().from(runTable).where(eq(runTable.instanceId, instance_id));
      expect(rows.map(({ correlationId }) => correlationId).sort()).toEqual([...ids].sort());
      expect(rows.filter(({ status }) => status !== "completed")).toEqual([]);
    },
  );
}, 240_000);
