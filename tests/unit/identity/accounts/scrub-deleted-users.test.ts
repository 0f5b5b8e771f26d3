import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { deletedUsersWithRuns, usersToScrub } from "#src/identity/accounts/deleted-user-repository.ts";
import { scrubbedAtOnce, scrubDeletedUsers } from "#src/identity/accounts/scrub-deleted-users.ts";
import { settingsSchema } from "#src/kernel/config.ts";
import { account, auditedActions, later, logIn, password, signedIn } from "#tests/support/accounts.ts";
import { call, send } from "#tests/support/api.ts";
import { tenantObject } from "#tests/support/objects.ts";
import { bodyOf, makeTemplate } from "#tests/support/personas.ts";
import { storedOf } from "#tests/support/persons.ts";
import { pictures } from "#tests/support/pictures.ts";
import { testPlatform } from "#tests/support/platform-in-process.ts";
import { runJobs } from "#workers/gateway/jobs.ts";

const day = 86_400_000;

const scrubbedAt = (userId: string) =>
  env.DB.prepare("SELECT scrubbed_at FROM users WHERE id = ?").bind(userId).first<number>("scrubbed_at");

const markDeleted = (userId: string, at = Date.now()) =>
  env.DB.prepare("UPDATE users SET deleted_at = ? WHERE id = ?").bind(at, userId).run();

/** Every table of D1 with a row in which a text stands. */
async function tablesWith(text: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
  ).all<{ name: string }>();
  const found: string[] = [];
  for (const { name } of results) {
    const rows = await env.DB.prepare(`SELECT * FROM "${name}"`).all();
    if (JSON.stringify(rows.results).includes(text)) found.push(name);
  }
  return found;
}

/** An account with something personal wherever there can be. */
async function personalAccount(clientId: string) {
  const owner = await signedIn(clientId);
  const profile = {
    first_name: "Ada-Unmistakable",
    last_name: "Ada-Unmistakable",
    company: "Ada-Unmistakable",
    phone: "Ada-Unmistakable",
    preferences: { name: "Ada-Unmistakable" },
  };
  await send("PUT", "/api/v1/user/profile", profile, owner.headers);
  const upload = { method: "POST", headers: owner.headers, body: pictures.png };
  await bodyOf(await call("/api/v1/user/avatar", upload), 200);
  await send("POST", "/api/v1/projects", { name: "Ada-Unmistakable" }, owner.headers);
  const liking = { conversation_preferences: { name_to_use: "Ada-Unmistakable" } };
  await bodyOf(await send("POST", "/api/v1/personalization/user-profile", liking, owner.headers), 201);
  const { id: template_id } = await makeTemplate(clientId);
  const config = { system_prompt: "Ada-Unmistakable" };
  const instance = await bodyOf<{ id: string }>(
    await send(
      "POST",
      "/api/v1/personas/instances",
      { template_id, name: "Ada-Unmistakable", config },
      owner.headers,
    ),
    201,
  );
  const trigger = { event: "instance.updated", input: { topic: "Ada-Unmistakable" } };
  const path = `/api/v1/personas/instances/${instance.id}/triggers`;
  await bodyOf(await send("POST", path, trigger, owner.headers), 201);
  const memory = { type: "fact", content: "Ada-Unmistakable", metadata: {} };
  await tenantObject(clientId, 0).putMemory(instance.id, memory, 100);
  await send("POST", "/api/v1/auth/password/forgot", { email: owner.email });
  // A failure at an address of its own, which the owner's password below does not clear.
  await logIn(owner.email, "Wrong-Horse-9", "203.0.113.77");
  await env.DB.prepare(
    "INSERT INTO bans (id, client_id, person_id, person_kind, reason, created_at) VALUES (?1, ?2, ?1, 'user', ?3, 0)",
  )
    .bind(owner.id, clientId, "Ada-Unmistakable")
    .run();
  const confirmation = "DELETE MY ACCOUNT";
  await bodyOf(await send("DELETE", "/api/v1/user/delete", { password, confirmation }, owner.headers), 200);
  return { ...owner, instanceId: instance.id };
}

describe("After the retention period", () => {
  it("nothing tells any more who had the account, but for the audit log", async () => {
    const owner = await personalAccount("scrub_all");
    expect(await tablesWith(owner.email)).toEqual(expect.arrayContaining(["users", "login_failures"]));
    expect(await tablesWith("Ada-Unmistakable")).toEqual(
      expect.arrayContaining(["user_profiles", "projects", "persona_instances", "triggers", "bans"]),
    );
    expect(await storedOf("scrub_all")).toContain("Ada-Unmistakable");
    await later(31 * day, () => runJobs(env, Date.now()));
    // What tells of the erasure itself goes once it was heard.
    expect(await storedOf("scrub_all", ["news"])).not.toContain(owner.id);
    expect(await storedOf("scrub_all")).not.toContain("Ada-Unmistakable");
    expect(await tablesWith(owner.email)).toEqual([]);
    expect(await tablesWith("Ada-Unmistakable")).toEqual([]);
    for (const table of ["sessions", "one_time_tokens", "user_permissions"]) {
      const rows = env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE user_id = ?`).bind(owner.id);
      expect(await rows.first("n"), table).toBe(0);
    }
    expect((await env.BLOBS.list({ prefix: `avatars/scrub_all/${owner.id}/` })).objects).toEqual([]);
    expect(await tenantObject("scrub_all", 0).listMemories(owner.instanceId, { limit: 10 })).toEqual([]);
    expect(await auditedActions(owner.id)).toContain("user.deleted");
  });

  it("the account stays, under an address that is nobody's", async () => {
    const owner = await account("scrub_stays");
    await markDeleted(owner.id, Date.now() - 31 * day);
    await runJobs(env, Date.now());
    const row = await env.DB.prepare("SELECT email, password_hash FROM users WHERE id = ?")
      .bind(owner.id)
      .first();
    expect(row).toEqual({ email: `deleted-${owner.id}@deleted.invalid`, password_hash: "none" });
  });

  it("whoever has the address by then keeps what is counted for it", async () => {
    const before = await account("scrub_successor");
    await markDeleted(before.id, Date.now() - 31 * day);
    const body = { email: before.email, password: "Another-Horse-8", client_id: "scrub_successor" };
    await bodyOf(await send("POST", "/api/v1/auth/register", body), 201);
    await logIn(before.email, "Wrong-Horse-9");
    await runJobs(env, Date.now());
    expect(await scrubbedAt(before.id)).not.toBeNull();
    expect(await tablesWith(before.email)).toEqual(expect.arrayContaining(["users", "login_failures"]));
    expect((await logIn(before.email, "Another-Horse-8")).status).toBe(200);
  });
});

describe("The job", () => {
  it("waits for the retention period", async () => {
    const owner = await account("scrub_waits");
    await markDeleted(owner.id);
    await later(29 * day, () => runJobs(env, Date.now()));
    expect(await scrubbedAt(owner.id)).toBeNull();
    await later(31 * day, () => runJobs(env, Date.now()));
    expect(await scrubbedAt(owner.id)).not.toBeNull();
  });

  it("leaves accounts alone that are not deleted", async () => {
    const owner = await account("scrub_living");
    await later(400 * day, () => runJobs(env, Date.now()));
    expect(await scrubbedAt(owner.id)).toBeNull();
    expect((await logIn(owner.email)).status).toBe(200);
  });

  it("does an account once", async () => {
    const owner = await account("scrub_once");
    await markDeleted(owner.id, Date.now() - 31 * day);
    await runJobs(env, Date.now());
    const at = await scrubbedAt(owner.id);
    await later(day, () => runJobs(env, Date.now()));
    expect(await scrubbedAt(owner.id)).toBe(at);
  });

  it("can follow the deletion at once", async () => {
    const owner = await account("scrub_at_once");
    await markDeleted(owner.id);
    const settings = settingsSchema.parse({ ...env, DELETED_USER_RETENTION_DAYS: "0" });
    await scrubDeletedUsers(testPlatform({ settings }));
    expect(await scrubbedAt(owner.id)).not.toBeNull();
  });

  it("waits until the access gate knows of the ended sessions", async () => {
    const owner = await signedIn("scrub_gate");
    await markDeleted(owner.id, Date.now() - 31 * day);
    await env.DB.prepare("UPDATE sessions SET revoked_at = 1, gate_pending = 1 WHERE user_id = ?")
      .bind(owner.id)
      .run();
    await scrubDeletedUsers(testPlatform());
    expect(await scrubbedAt(owner.id)).toBeNull();
    await runJobs(env, Date.now());
    await scrubDeletedUsers(testPlatform());
    expect(await scrubbedAt(owner.id)).not.toBeNull();
  });

  it("does so many at a time, the longest deleted first, and goes on the next time", async () => {
    const count = scrubbedAtOnce + 3;
    const people = [];
    for (let index = 0; index < count; index++) people.push(await account("scrub_many"));
    const longAgo = Date.now() - 1000 * day;
    for (const [index, { id }] of people.entries()) await markDeleted(id, longAgo + index);
    const remaining = async () => {
      const { results } = await env.DB.prepare(
        "SELECT id FROM users WHERE client_id = 'scrub_many' AND scrubbed_at IS NULL ORDER BY deleted_at",
      ).all<{ id: string }>();
      return results.map(({ id }) => id);
    };
    expect(await scrubDeletedUsers(testPlatform())).toBe(scrubbedAtOnce);
    expect(await remaining()).toEqual(people.slice(scrubbedAtOnce).map(({ id }) => id));
    await scrubDeletedUsers(testPlatform());
    expect(await remaining()).toEqual([]);
  });

  it("goes on behind an account that fails, which stays due", async () => {
    const [stuck, next] = [await account("scrub_stuck"), await account("scrub_stuck")];
    await markDeleted(stuck.id, Date.now() - 900 * day);
    await markDeleted(next.id, Date.now() - 800 * day);
    await env.DB.prepare(
      `CREATE TRIGGER stuck BEFORE UPDATE ON user_profiles WHEN OLD.user_id = '${stuck.id}'
       BEGIN SELECT RAISE(ABORT, 'out of order'); END`,
    ).run();
    await expect(scrubDeletedUsers(testPlatform())).rejects.toThrow("remains");
    expect(await scrubbedAt(stuck.id)).toBeNull();
    expect(await scrubbedAt(next.id)).not.toBeNull();
    await env.DB.prepare("DROP TRIGGER stuck").run();
    await scrubDeletedUsers(testPlatform());
    expect(await scrubbedAt(stuck.id)).not.toBeNull();
  });

  it("finds its accounts, and the runs of deleted ones, by indexes", async () => {
    for (const query of [usersToScrub(database(env.DB), 1, 1), deletedUsersWithRuns(database(env.DB), 1)]) {
      const { sql, params } = query.toSQL();
      const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(...params)
        .all<{ detail: string }>();
      const details = plan.results.map(({ detail }) => detail).join("\n");
      expect(details).toContain("users USING INDEX users_to_scrub");
      expect(details).not.toMatch(/SCAN (?!users USING INDEX users_to_scrub)|TEMP B-TREE/);
    }
  });
});
