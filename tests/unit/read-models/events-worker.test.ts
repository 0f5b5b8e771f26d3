import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq, inArray } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { database } from "../../../src/db/client.ts";
import { deadLetters, runs, usage } from "../../../src/db/schema/index.ts";
import type { RunCopy, UsageRecord } from "../../../src/messaging/platform-message.ts";
import events from "../../../workers/events/index.ts";
import { oneTextStep } from "../../support/plans.ts";
import { deadLetterQueue, startedTask } from "../../support/tasks.ts";

const db = database(env.DB);

async function deliver(queue: string, bodies: unknown[]) {
  const { letters, queue: deadLetterBinding } = deadLetterQueue();
  const messages = bodies.map((body) => ({ id: uuidv7(), timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch(queue, messages);
  const failure: unknown = await events
    .queue(batch, { ...env, PLATFORM_EVENTS_DLQ: deadLetterBinding, USER_IMPORTS_DLQ: deadLetterBinding })
    .catch((error) => error);
  return {
    failure,
    result: await getQueueResult(batch, createExecutionContext()),
    letters,
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
    const { letters, result } = await deliver("platform-events", [
      { type: "nonsense" },
      copy("r2", 1, "running"),
      "more nonsense",
    ]);
    expect(letters).toMatchObject([
      { queue: "platform-events", body: { type: "nonsense" } },
      { queue: "platform-events", body: "more nonsense" },
    ]);
    expect(result.ackAll).toBe(true);
    expect(await db.select().from(runs).where(eq(runs.correlationId, "r2"))).toHaveLength(1);
  });

  it("takes several copies from one message, but for the parts that it cannot read", async () => {
    const { letters, result } = await deliver("platform-events", [
      [copy("r3", 1, "running"), { type: "nonsense" }, copy("r4", 1, "running"), copy("r3", 2, "completed")],
    ]);
    expect(letters).toMatchObject([{ queue: "platform-events", body: { type: "nonsense" } }]);
    expect(result.ackAll).toBe(true);
    const rows = await db
      .select()
      .from(runs)
      .where(inArray(runs.correlationId, ["r3", "r4"]));
    expect(rows.map(({ correlationId, status }) => [correlationId, status]).sort()).toEqual([
      ["r3", "completed"],
      ["r4", "running"],
    ]);
  });

  it("takes a batch again that could not be written, without what it has sent to the dead letters", async () => {
    const bodies = [record, { type: "nonsense" }].map((body) => ({ ...body, id: "task:again" }));
    await env.DB.exec("ALTER TABLE usage RENAME TO usage_away");
    const { failure, letters, result, ids } = await deliver("platform-events", bodies);
    await env.DB.exec("ALTER TABLE usage_away RENAME TO usage");
    expect(failure).toBeInstanceOf(Error);
    expect(letters).toHaveLength(1);
    expect(result).toMatchObject({ ackAll: false, explicitAcks: [ids[1]] });
    await deliver("platform-events", [bodies[0]]);
    expect(await db.select().from(usage).where(eq(usage.id, "task:again"))).toHaveLength(1);
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
    expect(log.map(({ event }) => event)).toContain("system.alert");
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
