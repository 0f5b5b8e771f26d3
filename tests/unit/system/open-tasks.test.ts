import { createExecutionContext, createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import type { PlatformMessage } from "#src/objects/platform-message.ts";
import { forgetOpenTasks } from "#src/read-models/open-tasks-repository.ts";
import { topicsNow } from "#src/system/topics-now.ts";
import type { DeadLetter } from "#src/tasks/dead-letter.ts";
import events from "#workers/events/index.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { deadLetterQueue } from "../../support/tasks.ts";

/** Has the events Worker take messages; gives what it could not read. */
async function consume(bodies: unknown[]): Promise<DeadLetter[]> {
  const { letters, queue } = deadLetterQueue();
  const messages = bodies.map((body) => ({ id: uuidv7(), timestamp: new Date(), attempts: 1, body }));
  const bindings = { ...env, PLATFORM_EVENTS_DLQ: queue, USER_IMPORTS_DLQ: queue };
  await events.queue(createMessageBatch("platform-events", messages), bindings, createExecutionContext());
  return letters;
}

const openTasks = (tenant: string, shard: number, changes: Partial<PlatformMessage> = {}) => ({
  type: "tasks.open",
  client_id: tenant,
  shard,
  at: Date.now(),
  until: Date.now() + 60_000,
  topics: { "system.adapter.web.search": 3 },
  ...changes,
});

async function waitingSearches(): Promise<number | null | undefined> {
  const queues = { all: () => [] };
  const { topics } = await topicsNow(testPlatform(), queues);
  return topics.find(({ topic }) => topic === "system.adapter.web.search")?.backlog;
}

describe("The backlog of a topic", () => {
  it("shows the open tasks of all objects of all tenants, until an object says otherwise", async () => {
    await consume([
      openTasks("topics_tenant", 0),
      openTasks("topics_tenant", 7),
      openTasks("topics_other", 0, { topics: { "system.adapter.web.search": 1, "workflow:other": 5 } }),
    ]);
    expect(await waitingSearches()).toBe(7);
    const none = { at: Date.now() + 1, until: Date.now() + 1, topics: {} };
    await consume([openTasks("topics_tenant", 7, none), openTasks("topics_tenant", 7)]);
    expect(await waitingSearches()).toBe(4);
    // What was on its way before comes late.
    await consume([openTasks("topics_tenant", 7, { at: Date.now() - 60_000 })]);
    expect(await waitingSearches()).toBe(4);
  });

  it("believes an object no longer than it says, and forgets it after a day", async () => {
    await consume([openTasks("topics_gone", 0, { until: Date.now() - 1 })]);
    const before = await waitingSearches();
    await consume([openTasks("topics_gone", 1)]);
    expect(await waitingSearches()).toBe((before ?? 0) + 3);
    const rows = () => env.DB.prepare("SELECT shard FROM open_tasks WHERE client_id = 'topics_gone'").all();
    expect((await rows()).results).toHaveLength(2);
    await forgetOpenTasks(database(env.DB), Date.now());
    expect((await rows()).results).toEqual([{ shard: 1 }]);
  });

  it("reads what a released object sends, which tells open tasks with each copy of a run, and goes by none of it", async () => {
    const copy = {
      type: "run.copy",
      id: "open:1",
      correlation_id: "run-with-open-tasks",
      revision: 1,
      client_id: "topics_tenant",
      user_id: "user",
      instance_id: null,
      project_id: null,
      template_id: null,
      status: "running",
      current_step: "find",
      fuel_budget: 100,
      fuel_spent: 0,
      tokens_in: 0,
      tokens_out: 0,
      cost_micros: 0,
      error: null,
      created_at: 1,
      updated_at: 1,
      completed_at: null,
      open_tasks: { "system.adapter.web.search": 1000 },
    };
    expect(await consume([copy])).toEqual([]);
    expect(await waitingSearches()).toBeLessThan(1000);
  });
});
