import { createExecutionContext, createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { settingsOf } from "#src/kernel/config.ts";
import { type PlatformBody, type PlatformMessage, usageRecordSchema } from "#src/objects/platform-message.ts";
import { perform } from "#src/operation/perform.ts";
import { redriveDeadLetter } from "#src/system/redrive-dead-letter.ts";
import { deadLetterListSchema, topicListSchema } from "#src/system/schemas.ts";
import { topicsNow } from "#src/system/topics-now.ts";
import { deadLetter } from "#src/tasks/dead-letter.ts";
import { queuesOf } from "#src/tasks/numbered-queues.ts";
import { type QueueName, queueNames } from "#src/tasks/queues.ts";
import events from "#workers/events/index.ts";
import { call, send } from "../../support/api.ts";
import { oneTextStep, plan } from "../../support/plans.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { recordedQueue } from "../../support/recorded.ts";
import { deadLetterQueue, startedTask } from "../../support/tasks.ts";
import { createUser } from "../../support/users.ts";

const system = "/api/v1/admin/system";

async function consume(queue: string, bodies: unknown[]): Promise<string[]> {
  const messages = bodies.map((body) => ({ id: uuidv7(), timestamp: new Date(), attempts: 1, body }));
  const { queue: letters } = deadLetterQueue();
  const bindings = { ...env, PLATFORM_EVENTS_DLQ: letters, USER_IMPORTS_DLQ: letters };
  await events.queue(createMessageBatch(queue, messages), bindings, createExecutionContext());
  return messages.map(({ id }) => id);
}

const admin = () => createUser("operator", { role: "admin" });

async function read<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S>> {
  const { headers } = await admin();
  const response = await call(`${system}${path}`, { headers });
  expect(response.status).toBe(200);
  return schema.parse(await response.json());
}

const usage = (changes: Partial<PlatformMessage> = {}) =>
  usageRecordSchema.parse({
    type: "usage",
    id: uuidv7(),
    client_id: "topics_tenant",
    user_id: "user",
    instance_id: null,
    correlation_id: "run",
    step_name: "write",
    agent_type: "researcher",
    action: "ai_text_generate",
    model: "claude-haiku-5-5",
    fuel: 10,
    tokens_in: 3,
    tokens_out: 5,
    cost_micros: 7,
    duration_ms: 11,
    success: true,
    error_code: null,
    created_at: Date.now(),
    ...changes,
  });

describe("Topics", () => {
  it("are listed with queue, consumer, backlog and failures, under both addresses", async () => {
    const { topics, count, queues } = await read("/topics", topicListSchema);
    expect(count).toBe(topics.length);
    expect(topics.map(({ topic }) => topic)).toEqual(
      expect.arrayContaining([
        "system.agent.generic.process",
        "system.agent.reasoning.process",
        "system.adapter.web.search",
        "system.adapter.image.generate",
        "system.tasks.copywriter",
        "system.commands.workflow.resume",
        "system.notifications.ui",
        "system.events",
        "human.approvals",
        "orchestrator.state-changes",
      ]),
    );
    expect(queues.map(({ queue }) => queue).sort()).toEqual([...queueNames].sort());
    expect(await read("/kafka/topics", topicListSchema)).toMatchObject({ count });
  });

  it("show what waits on their queues, as the queues say themselves", async () => {
    const metrics = (backlogCount: number) => ({
      metrics: async () => ({
        backlogCount,
        backlogBytes: 100 * backlogCount,
        oldestMessageTimestamp: new Date(backlogCount > 0 ? 5000 : 0),
      }),
    });
    const waiting = new Map<QueueName, number>([
      ["agent-tasks-high", 1],
      ["agent-tasks-normal", 2],
      ["agent-tasks-low", 4],
      ["adapter-tasks", 8],
      ["platform-events", 16],
      ["user-imports", 32],
    ]);
    const measured = { all: (name: QueueName) => [metrics(waiting.get(name) ?? 0), metrics(0)] };
    const { topics, queues } = await topicsNow(testPlatform(), measured);
    // Other files bury letters of this queue as well.
    const buried = await env.DB.prepare("SELECT count(*) AS letters FROM dead_letters WHERE queue = ?")
      .bind("adapter-tasks")
      .first<{ letters: number }>();
    const backlogOf = (name: string) => topics.find(({ topic }) => topic === name)?.backlog;
    expect(backlogOf("system.events")).toBe(16);
    expect(backlogOf("system.imports.users")).toBe(32);
    expect(backlogOf("human.approvals")).toBeNull();
    expect(queues).toContainEqual({
      queue: "adapter-tasks",
      consumer: "persona-adapters",
      dead_letter_queue: "adapter-tasks-dlq",
      backlog: 8,
      backlog_bytes: 800,
      oldest_message_at: "1970-01-01T00:00:05.000Z",
      dead_letters: buried?.letters,
    });
  });

  it("count what was finished and what failed, repeats once", async () => {
    const failed = { ...usage(), success: false };
    await consume("platform-events", [usage(), usage(), failed]);
    await consume("platform-events", [failed, failed]);
    const { topics } = await read("/topics?limit=100", topicListSchema);
    const researcher = topics.find(({ topic }) => topic === "system.tasks.researcher");
    expect(researcher).toMatchObject({ processed: 3, failures: 1, consumer: "persona-agents" });
  });

  it("are for admins only", async () => {
    const user = await createUser("operator", { role: "moderator" });
    for (const path of ["/topics", "/kafka/topics", "/dead-letters"]) {
      expect((await call(`${system}${path}`, { headers: user.headers })).status).toBe(403);
      expect((await call(`${system}${path}`)).status).toBe(401);
    }
    const redrive = await send("POST", `${system}/dead-letters/x/redrive`, undefined, user.headers);
    expect(redrive.status).toBe(403);
  });
});

const redrive = async (id: string | undefined) => {
  const { headers } = await admin();
  return call(`${system}/dead-letters/${id}/redrive`, { method: "POST", headers });
};

describe("Dead letters", () => {
  it("are listed newest first with their reasons, page by page", async () => {
    await consume("agent-tasks-low-dlq", [deadLetter("agent-tasks-low", { broken: 1 }, "Malformed", 1)]);
    await consume("agent-tasks-low-dlq", [{ broken: 2 }]);
    const first = await read("/dead-letters?queue=agent-tasks-low&limit=1", deadLetterListSchema);
    expect(first.dead_letters).toMatchObject([
      { body: { broken: 2 }, reason: "Delivered too often without success", redriven_at: null },
    ]);
    const rest = await read(
      `/dead-letters?queue=agent-tasks-low&limit=1&cursor=${first.next_cursor}`,
      deadLetterListSchema,
    );
    expect(rest).toMatchObject({
      dead_letters: [{ body: { broken: 1 }, reason: "Malformed" }],
      next_cursor: null,
    });
  });

  it("of the read models are sent again and say who did it", async () => {
    const [id] = await consume("platform-events-dlq", [[usage(), usage()]]);
    const response = await redrive(id);
    expect(response.status).toBe(202);
    const sent = expect.objectContaining({
      id,
      redriven_by: expect.any(String),
      redriven_at: expect.any(String),
    });
    expect(await response.json()).toEqual(sent);
    const { dead_letters } = await read("/dead-letters?queue=platform-events", deadLetterListSchema);
    expect(dead_letters).toContainEqual(sent);
  });

  it("travel to the queue they came from, as they were", async () => {
    const record = usage();
    const [id = ""] = await consume("platform-events-dlq", [record]);
    const recorded = recordedQueue<PlatformBody>();
    const { actor } = await admin();
    const platform = testPlatform({
      queues: queuesOf({ ...env, PLATFORM_EVENTS: recorded.queue }, settingsOf({})),
    });
    await perform(redriveDeadLetter, platform, actor, { params: { id } });
    expect(recorded.bodies).toEqual([record]);
  });

  it("as large as a queue takes are kept whole", async () => {
    const records = Array.from({ length: 250 }, () => usage({ step_name: "s".repeat(64) }));
    const size = JSON.stringify(records).length;
    expect(size).toBeGreaterThan(100_000);
    expect(size).toBeLessThan(128 * 1024);
    const [id] = await consume("platform-events-dlq", [records]);
    expect((await redrive(id)).status).toBe(202);
  });

  it("of a task whose run has ended are not sent again, and the answer says why", async () => {
    const { envelope, correlationId } = await startedTask("redrive_ended", oneTextStep);
    const [id] = await consume("agent-tasks-normal-dlq", [envelope("write")]);
    const response = await redrive(id);
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({
      error: "CONFLICT",
      details: { correlation_id: correlationId, status: "failed" },
    });
  });

  it("of a task whose run has gone on without it are not sent again, and the answer says why", async () => {
    const skipping = plan("write", {
      write: { action: "ai_text_generate", on_error: "continue", next_step: "ask" },
      ask: { action: "pause_for_human_input" },
    });
    const { envelope, correlationId, view } = await startedTask("redrive_skipped", skipping);
    const [id] = await consume("agent-tasks-normal-dlq", [envelope("write")]);
    expect((await view()).status).toBe("paused");
    const response = await redrive(id);
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({
      error: "CONFLICT",
      message: "The task's step is failed: its run has gone on without it",
      details: { correlation_id: correlationId, step: "write", status: "failed" },
    });
  });

  it("of a task that somebody else still works on are sent again", async () => {
    const { envelope, tenant, correlationId } = await startedTask("redrive_held", oneTextStep);
    await tenant.claimTasks([[`${correlationId}.write.main`, 1]]);
    const [id] = await consume("agent-tasks-normal-dlq", [envelope("write")]);
    expect((await redrive(id)).status).toBe(202);
  });

  it("that nobody can read are not sent again", async () => {
    const [id] = await consume("agent-tasks-normal-dlq", [{ nonsense: true }]);
    expect((await redrive(id)).status).toBe(409);
  });

  it("that do not exist are not found", async () => {
    expect((await redrive("nothing")).status).toBe(404);
  });
});
