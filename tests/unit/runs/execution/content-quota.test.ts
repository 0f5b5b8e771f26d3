import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { tenantObject } from "#tests/support/objects.ts";
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
    const tenant = tenantObject("quota_back");
    await tenant.cancelRun(present(runs[0]), "tenant", "Enough");
    expect((await execute(user, id)).status).toBe(202);
    expect((await execute(user, id)).status).toBe(403);
    const tooLarge = { input: { topic: "tea", more: "x".repeat(300_000) } };
    await tenant.terminateRun(present(runs[1]));
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

  it("does not bind who has none", async () => {
    const user = await createUser("quota_none");
    const { id } = await makeInstance(user);
    const answers = await Promise.all(Array.from({ length: 15 }, () => execute(user, id)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  });

  it("counts what a release before has completed and begun, also before it is in the history", async () => {
    const user = await createUser("quota_older", { tier: "free" });
    const { id } = await makeInstance(user);
    for (let n = 0; n < limits.free; n++) await startRun(user, id);
    await runInDurableObject(env.TENANT_WORKFLOWS.getByName("quota_older"), (_, { storage }) => {
      storage.sql.exec("DELETE FROM history");
      storage.sql.exec("DELETE FROM marks WHERE name = 'whole_history'");
    });
    expect((await execute(user, id)).status).toBe(403);
  });
});
