import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { contentSlots } from "#src/db/schema/index.ts";
import { sweepSlots } from "#src/runs/execution/content-slot-repository.ts";
import {
  bodyOf,
  execute,
  input,
  makeInstance,
  present,
  projectRun,
  startRun,
} from "#tests/support/personas.ts";
import { createUser } from "#tests/support/users.ts";

const db = database(env.DB);

describe("The content quota", () => {
  const limits = { free: 10, basic: 100 };
  const month = 31 * 86_400_000;

  it("lets no more runs through than the tier allows, however many start at once", async () => {
    const user = await createUser("quota_race", { tier: "free" });
    const { id } = await makeInstance(user);
    const answers = await Promise.all(Array.from({ length: 25 }, () => execute(user, id)));
    const accepted = answers.filter(({ status }) => status === 202);
    expect(accepted).toHaveLength(limits.free);
    const refused = present(answers.find(({ status }) => status === 403));
    expect(await refused.json()).toMatchObject({
      error: "QUOTA_EXCEEDED",
      code: "SUB002",
      details: { resource: "content" },
    });
  });

  it("counts what was completed in this billing period, and nothing older or failed", async () => {
    const user = await createUser("quota_period", { tier: "free" });
    const { id } = await makeInstance(user);
    const now = Date.now();
    for (let n = 0; n < limits.free - 1; n++)
      await projectRun(user, id, { created_at: now, completed_at: now });
    for (let n = 0; n < 5; n++) {
      await projectRun(user, id, { created_at: now - 2 * month, completed_at: now - 2 * month });
      await projectRun(user, id, { created_at: now, status: "failed" });
    }
    expect((await execute(user, id)).status).toBe(202);
    expect((await execute(user, id)).status).toBe(403);
  });

  it("gives a place back when a run fails, is cancelled, or never began", async () => {
    const user = await createUser("quota_back", { tier: "free" });
    const { id } = await makeInstance(user);
    const runs: string[] = [];
    for (let n = 0; n < limits.free; n++) runs.push(await startRun(user, id));
    expect((await execute(user, id)).status).toBe(403);
    await projectRun(user, id, {
      created_at: Date.now(),
      correlation_id: present(runs[0]),
      status: "cancelled",
    });
    expect((await execute(user, id)).status).toBe(202);
    expect((await execute(user, id)).status).toBe(403);
    const tooLarge = { input: { topic: "tea", more: "x".repeat(300_000) } };
    await projectRun(user, id, {
      created_at: Date.now(),
      correlation_id: present(runs[1]),
      status: "failed",
    });
    expect((await execute(user, id, tooLarge)).status).toBe(413);
    expect((await execute(user, id)).status).toBe(202);
  });

  it("does not refuse the replay of a run that was let through", async () => {
    const user = await createUser("quota_replay", { tier: "free" });
    const { id } = await makeInstance(user);
    const key = { "idempotency-key": "first" };
    const first = await bodyOf<{ correlation_id: string }>(await execute(user, id, input, key), 202);
    for (let n = 1; n < limits.free; n++) await startRun(user, id);
    expect((await execute(user, id)).status).toBe(403);
    const replay = await execute(user, id, input, key);
    expect(replay.headers.get("idempotent-replayed")).toBe("true");
    expect(await bodyOf(replay, 202)).toMatchObject(first);
  });

  it("is not got around by repeating a request id", async () => {
    const user = await createUser("quota_request_id", { tier: "free" });
    const { id } = await makeInstance(user);
    const headers = { "x-request-id": "always-the-same-one" };
    const answers = [];
    for (let n = 0; n < limits.free + 2; n++) answers.push((await execute(user, id, input, headers)).status);
    expect(answers.slice(-2)).toEqual([403, 403]);
  });

  it("does not bind who has none, and old places are swept", async () => {
    const user = await createUser("quota_none");
    const { id } = await makeInstance(user);
    const answers = await Promise.all(Array.from({ length: 15 }, () => execute(user, id)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const limited = await createUser("quota_none", { tier: "basic" });
    await startRun(limited, (await makeInstance(limited)).id);
    const slots = () => db.select().from(contentSlots).where(eq(contentSlots.userId, limited.actor.userId));
    await sweepSlots(db, Date.now());
    expect(await slots()).toHaveLength(1);
    await sweepSlots(db, Date.now() + 9 * 86_400_000);
    expect(await slots()).toHaveLength(0);
  });
});
