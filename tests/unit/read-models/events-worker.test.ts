import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq, inArray } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it, vi } from "vitest";
import { database } from "#src/db/client.ts";
import { deadLetters, runs, usage } from "#src/db/schema/index.ts";
import type { RunCopy, UsageRecord } from "#src/objects/platform-message.ts";
import { writeWhatCanBe } from "#src/read-models/write-what-can-be.ts";
import events from "#workers/events/index.ts";
import { oneTextStep } from "../../support/plans.ts";
import { recordedDatabase } from "../../support/query-plans.ts";
import { deadLetterQueue, startedTask } from "../../support/tasks.ts";

const db = database(env.DB);

async function deliver(queue: string, bodies: unknown[], attempts = 1) {
  const { letters, queue: deadLetterBinding } = deadLetterQueue();
  const messages = bodies.map((body) => ({ id: uuidv7(), timestamp: new Date(), attempts, body }));
  const batch = createMessageBatch(queue, messages);
  const retries = batch.messages.map((message) => vi.spyOn(message, "retry"));
  const bindings = { ...env, PLATFORM_EVENTS_DLQ: deadLetterBinding, USER_IMPORTS_DLQ: deadLetterBinding };
  await events.queue(batch, bindings, createExecutionContext());
  return {
    result: await getQueueResult(batch, createExecutionContext()),
    letters,
    delays: retries.flatMap(({ mock }) => mock.calls.flat()),
    ids: messages.map(({ id }) => id),
  };
}

const copy = (correlation_id: string, revision: number, status: RunCopy["status"]): RunCopy => ({
  type: "run.copy",
  id: `${correlation_id}:${revision}`,
  correlation_id,
  revision,
  client_id: "tenant",
  user_id: "user",
  instance_id: null,
  project_id: null,
  template_id: null,
  status,
  current_step: "write",
  fuel_budget: 100,
  fuel_spent: revision,
  tokens_in: 0,
  tokens_out: 0,
  cost_micros: 0,
  error: null,
  created_at: 1,
  updated_at: revision,
  completed_at: null,
});

const record: UsageRecord = {
  type: "usage",
  id: "task:1",
  client_id: "tenant",
  user_id: "user",
  instance_id: null,
  correlation_id: "run",
  step_name: "write",
  agent_type: "copywriter",
  action: "ai_text_generate",
  model: "claude-haiku-5-5",
  fuel: 10,
  tokens_in: 1,
  tokens_out: 2,
  cost_micros: 3,
  duration_ms: 4,
  success: true,
  error_code: null,
  created_at: 1,
};

describe("The read model of runs", () => {
  it("keeps the newest copy, whatever order and however often copies come", async () => {
    await deliver("platform-events", [
      copy("r1", 3, "completed"),
      copy("r1", 1, "running"),
      copy("r1", 3, "completed"),
    ]);
    await deliver("platform-events", [copy("r1", 2, "paused")]);
    const rows = await db.select().from(runs).where(eq(runs.correlationId, "r1"));
    expect(rows).toMatchObject([{ revision: 3, status: "completed", fuelSpent: 3 }]);
  });

  it("counts usage once", async () => {
    await deliver("platform-events", [record, record]);
    await deliver("platform-events", [record]);
    expect(await db.select().from(usage).where(eq(usage.id, "task:1"))).toHaveLength(1);
  });

  it("sends what it cannot read to the dead letters and projects the rest", async () => {
    const { letters, result, ids } = await deliver("platform-events", [
      { type: "nonsense" },
      copy("r2", 1, "running"),
      "more nonsense",
    ]);
    expect(letters).toMatchObject([
      { queue: "platform-events", body: { type: "nonsense" } },
      { queue: "platform-events", body: "more nonsense" },
    ]);
    expect(result.explicitAcks).toEqual(ids);
    expect(await db.select().from(runs).where(eq(runs.correlationId, "r2"))).toHaveLength(1);
  });

  it("takes several copies from one message, but for the parts that it cannot read", async () => {
    const { letters, result, ids } = await deliver("platform-events", [
      [copy("r3", 1, "running"), { type: "nonsense" }, copy("r4", 1, "running"), copy("r3", 2, "completed")],
    ]);
    expect(letters).toMatchObject([{ queue: "platform-events", body: { type: "nonsense" } }]);
    expect(result.explicitAcks).toEqual(ids);
    const rows = await db
      .select()
      .from(runs)
      .where(inArray(runs.correlationId, ["r3", "r4"]));
    expect(rows.map(({ correlationId, status }) => [correlationId, status]).sort()).toEqual([
      ["r3", "completed"],
      ["r4", "running"],
    ]);
  });

  it("asks for what could not be written later and later, and forgets none of it", async () => {
    const bodies = [record, { type: "nonsense" }].map((body) => ({ ...body, id: "task:again" }));
    await env.DB.exec("ALTER TABLE usage RENAME TO usage_away");
    const first = await deliver("platform-events", bodies);
    const tenth = await deliver("platform-events", bodies, 10);
    await env.DB.exec("ALTER TABLE usage_away RENAME TO usage");
    expect(first.letters).toHaveLength(1);
    expect(first.result).toMatchObject({
      ackAll: false,
      explicitAcks: [first.ids[1]],
      retryMessages: [{ msgId: first.ids[0] }],
    });
    expect([first.delays, tenth.delays]).toEqual([[{ delaySeconds: 2 }], [{ delaySeconds: 600 }]]);
    await deliver("platform-events", [bodies[0]]);
    expect(await db.select().from(usage).where(eq(usage.id, "task:again"))).toHaveLength(1);
  });

  it("sends the dead letters of a message once, however often its other parts are tried", async () => {
    const body = [copy("r5", 1, "running"), { type: "nonsense" }];
    await env.DB.exec("ALTER TABLE runs RENAME TO runs_away");
    const failed = [await deliver("platform-events", [body]), await deliver("platform-events", [body], 2)];
    await env.DB.exec("ALTER TABLE runs_away RENAME TO runs");
    const { letters, result, ids } = await deliver("platform-events", [body], 3);
    expect(failed.map(({ letters, result }) => [letters.length, result.retryMessages.length])).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(letters).toMatchObject([{ queue: "platform-events", body: { type: "nonsense" } }]);
    expect(result.explicitAcks).toEqual(ids);
  });

  it("writes all rows but the one that the database refuses", async () => {
    await env.DB.exec(
      "CREATE TRIGGER refuses BEFORE INSERT ON runs WHEN new.correlation_id = 'bad' BEGIN SELECT RAISE(ABORT, 'refused'); END",
    );
    const names = ["n1", "n2", "n3", "bad", "n4", "n5"];
    const { result, ids } = await deliver("platform-events", [
      ...names.slice(0, 3).map((name) => copy(name, 1, "running")),
      names.slice(3).map((name) => copy(name, 1, "running")),
    ]);
    await env.DB.exec("DROP TRIGGER refuses");
    expect(result.explicitAcks).toEqual(ids.slice(0, 3));
    expect(result.retryMessages).toMatchObject([{ msgId: ids[3] }]);
    const rows = await db.select().from(runs).where(inArray(runs.correlationId, names));
    expect(rows.map(({ correlationId }) => correlationId).sort()).toEqual(["n1", "n2", "n3", "n4", "n5"]);
  });

  it("tries a database that takes nothing a bounded number of times", async () => {
    const { database: binding, queries } = recordedDatabase();
    await env.DB.exec("ALTER TABLE runs RENAME TO runs_away");
    const many = Array.from({ length: 200 }, (_, index) => copy(`many ${index}`, 1, "running"));
    const { written, left, errors } = await writeWhatCanBe(database(binding), many);
    await env.DB.exec("ALTER TABLE runs_away RENAME TO runs");
    expect({ written: written.length, left: left.length }).toEqual({ written: 0, left: 200 });
    expect(errors.length).toBeGreaterThan(0);
    expect(queries.length).toBeLessThanOrEqual(32);
  });
});

describe("A dead letter", () => {
  it("is kept with its reason and fails its task, so that the run does not hang", async () => {
    const { envelope, view, correlationId, tenant } = await startedTask("dead_letter", oneTextStep);
    const { ids } = await deliver("agent-tasks-normal-dlq", [envelope("write")]);
    expect(await view()).toMatchObject({
      status: "failed",
      error: { code: "DEAD_LETTER" },
      fuel: { reserved: 0 },
    });
    const [letter] = await db
      .select()
      .from(deadLetters)
      .where(eq(deadLetters.id, ids[0] ?? ""));
    expect(letter).toMatchObject({
      queue: "agent-tasks-normal",
      correlationId,
      reason: "Delivered too often without success",
    });
    const { events: log } = await tenant.readEvents({ since: 0, limit: 100 });
    const alert = log.find(({ event }) => event === "system.alert");
    expect(alert).toMatchObject({
      owner_user_id: null,
      entity_id: "dead_letter",
      data: { code: "DEAD_LETTER", queue: "agent-tasks-normal" },
    });
    // All of the tenant hears it, and the run is one user's.
    expect(JSON.stringify(alert)).not.toContain(correlationId);
  });

  it("of a malformed message carries the reason to the run it can still be told to belong to", async () => {
    const { envelope, view } = await startedTask("dead_malformed", oneTextStep);
    const body = { ...envelope("write"), attempt: "first" };
    const letter = {
      dead_letter: true,
      reason: "Malformed task message: attempt",
      queue: "agent-tasks-normal",
      body,
      failed_at: 1,
    };
    await deliver("agent-tasks-normal-dlq", [letter]);
    expect(await view()).toMatchObject({
      status: "failed",
      error: { code: "DEAD_LETTER", details: { reason: "Malformed task message: attempt" } },
    });
  });

  it("that belongs to nothing is kept all the same", async () => {
    const { ids, result } = await deliver("adapter-tasks-dlq", ["nonsense"]);
    expect(result.explicitAcks).toEqual(ids);
    expect(
      await db
        .select()
        .from(deadLetters)
        .where(eq(deadLetters.id, ids[0] ?? "")),
    ).toMatchObject([{ body: '"nonsense"' }]);
  });
});
