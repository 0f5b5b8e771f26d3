import { createExecutionContext, createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { afterEach, describe, expect, it } from "vitest";
import { setKeys, storedKeys } from "#src/configuration/configuration-repository.ts";
import { configurationFrom } from "#src/configuration/stored-configuration.ts";
import { database } from "#src/db/client.ts";
import { sessions } from "#src/db/schema/index.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { perform } from "#src/operation/perform.ts";
import { tellFollowers } from "#src/system/configuration/tell-followers.ts";
import { setMaintenance } from "#src/system/maintenance/set-maintenance.ts";
import type { MaintenanceMessage } from "#src/tasks/maintenance-message.ts";
import { queuesOf } from "#src/tasks/numbered-queues.ts";
import events from "#workers/events/index.ts";
import { configureNothing } from "../../../support/configuration.ts";
import { eventsOf } from "../../../support/events.ts";
import { testPlatform } from "../../../support/platform-in-process.ts";
import { recordedQueue } from "../../../support/recorded.ts";
import { connect } from "../../../support/sockets.ts";
import { deadLetterQueue } from "../../../support/tasks.ts";
import { createUser, createUserWithSession } from "../../../support/users.ts";

const db = database(env.DB);

/** A platform that shows what it has the events Worker told. */
function announcing() {
  const { bodies, queue } = recordedQueue<MaintenanceMessage>();
  const queues = queuesOf({ ...env, PLATFORM_EVENTS: queue }, settingsOf({}));
  return { bodies, platform: testPlatform({ queues }) };
}

/** Has messages taken as their queue does. */
async function consume(bodies: readonly unknown[]) {
  const messages = bodies.map((body) => ({ id: uuidv7(), timestamp: new Date(), attempts: 1, body }));
  const letters = { PLATFORM_EVENTS_DLQ: deadLetterQueue().queue, USER_IMPORTS_DLQ: deadLetterQueue().queue };
  const batch = createMessageBatch("platform-events", messages);
  await events.queue(batch, { ...env, ...letters }, createExecutionContext());
}

/** Begins maintenance, or ends it, and gives the messages about it. */
async function announced(enabled: boolean, message = "Back soon") {
  const { actor } = await createUser("operator", { role: "admin" });
  const { bodies, platform } = announcing();
  const { output } = await perform(setMaintenance, platform, actor, { body: { enabled, message } });
  await expect.poll(async () => (await storedKeys(db)).some(({ pending }) => pending)).toBe(false);
  return { bodies, version: output.version };
}

afterEach(configureNothing);

describe("Maintenance is told", () => {
  it("to every socket of every tenant that hears of the system, once however often the message comes", async () => {
    const users = [await createUserWithSession("told_here"), await createUserWithSession("told_there")];
    const sockets = await Promise.all(users.map((user) => connect(user)));
    for (const { subscribe } of sockets) await subscribe("system.*");
    const { bodies, version } = await announced(true);
    await consume(bodies);
    await consume(bodies);
    for (const { next, frames } of sockets) {
      const { data } = await next(({ event }) => event === "system.maintenance");
      expect(data).toEqual({ enabled: true, message: "Back soon", retry_after_seconds: 60, version });
      expect(frames.filter(({ event }) => event === "system.maintenance")).toHaveLength(1);
    }
    expect(await eventsOf("told_here", "system.maintenance")).toHaveLength(1);
    const over = await announced(false);
    await consume(over.bodies);
    for (const { next } of sockets)
      await next(({ event, data }) => event === "system.maintenance" && data?.enabled === false);
  });

  it("in messages of fifty tenants each, and to none whose last token has run out", async () => {
    const now = Date.now();
    const seen = async (clientId: string, at: number) => {
      const { actor } = await createUser(clientId);
      await db.insert(sessions).values({
        id: uuidv7(),
        userId: actor.userId,
        createdAt: at,
        lastUsedAt: at,
        expiresAt: now + 3_600_000,
        ip: "198.51.100.1",
        userAgent: "test",
        generation: 0,
        refreshHash: "none",
        refreshExpiresAt: now + 3_600_000,
        rotatedAt: at,
      });
    };
    for (let tenant = 0; tenant < 60; tenant++) await seen(`many_${tenant}`, now - 1000);
    await seen("long_away", now - 3_700_000);
    const { bodies } = await announced(true);
    const tenants = bodies.flatMap((body) => body.tenants);
    expect(Math.max(...bodies.map((body) => body.tenants.length))).toBe(50);
    expect(new Set(tenants).size).toBe(tenants.length);
    expect(tenants).toEqual(expect.arrayContaining(["many_0", "many_59"]));
    expect(tenants).not.toContain("long_away");
  });

  it("as it is now: a message that comes late, after another change, says nothing", async () => {
    await createUserWithSession("told_late");
    const begun = await announced(true);
    const ended = await announced(false);
    await consume(ended.bodies);
    await consume(begun.bodies);
    const told = await eventsOf("told_late", "system.maintenance");
    expect(told.map(({ data }) => data.enabled)).toEqual([false]);
  });

  it("by the job where whoever changed it has died before", async () => {
    await createUserWithSession("told_by_job");
    const { version } = configurationFrom(await storedKeys(db));
    const maintenance = { enabled: true, message: "Unannounced", retry_after_seconds: 1 };
    const change = { expected: version, by: "somebody", now: Date.now(), followed: ["maintenance"] };
    await setKeys(db, { maintenance }, change);
    const { bodies, platform } = announcing();
    expect(await tellFollowers(platform)).toBeGreaterThan(0);
    expect(bodies.flatMap(({ tenants }) => tenants)).toContain("told_by_job");
    expect(await tellFollowers(platform)).toBe(0);
  });

  it("again by the next job when the queue takes nothing", async () => {
    const { version } = configurationFrom(await storedKeys(db));
    await createUserWithSession("told_again");
    const maintenance = { enabled: true, message: "Unannounced", retry_after_seconds: 2 };
    const change = { expected: version, by: "somebody", now: Date.now(), followed: ["maintenance"] };
    await setKeys(db, { maintenance }, change);
    const full = Object.assign(Object.create(null), { sendBatch: () => Promise.reject(new Error("Full")) });
    const broken = testPlatform({ queues: { of: () => full, all: () => [full] } });
    await expect(tellFollowers(broken)).rejects.toThrow("remains to be told");
    expect(await tellFollowers(announcing().platform)).toBeGreaterThan(0);
  });
});
