import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { releaseAbsentHolders } from "#src/chat/index.ts";
import { database } from "#src/db/client.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { objectsOf } from "#src/objects/objects.ts";
import { placementsOf } from "#src/objects/placement-repository.ts";
import { send } from "../../support/api.ts";
import { begin, tellLists, withPersona } from "../../support/chats.ts";
import { conversationAt, objectAt } from "../../support/conversations.ts";
import { bodyOf } from "../../support/personas.ts";
import { recordedDatabase } from "../../support/query-plans.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const clientId = "chat_absence";
const db = database(env.DB);
const platform = { db, objects: objectsOf(env, settingsOf(env), placementsOf(db)) };

async function taken(staff: TestUser) {
  const { user, instance } = await withPersona(clientId);
  const { id } = (await begin(user, instance.id)).conversation;
  const path = `/api/v1/admin/conversations/${id}/take?client_id=${clientId}`;
  await bodyOf(await send("POST", path, {}, staff.headers), 200);
  await tellLists(clientId, id);
  const holder = async () => {
    const view = await conversationAt({ clientId, id }).view();
    return view.ok ? view.value.holder : view.code;
  };
  return { id, holder };
}

describe("A conversation goes back to the queue when its holder", () => {
  it.each([
    ["is switched off", { role: "moderator" }, "UPDATE users SET is_active = 0 WHERE id = ?"],
    ["is demoted", { role: "moderator" }, "UPDATE users SET role = 'user' WHERE id = ?"],
    [
      "has lost the permission",
      { permissions: ["conversations.handle"] },
      "DELETE FROM user_permissions WHERE user_id = ?",
    ],
  ] as const)("%s", async (_, rights, change) => {
    const staff = await createUser(clientId, {
      ...rights,
      ...("permissions" in rights && { permissions: [...rights.permissions] }),
    });
    if ("permissions" in rights)
      await env.DB.prepare(
        "INSERT INTO user_permissions (user_id, permission, granted_at) VALUES (?, 'conversations.handle', 0)",
      )
        .bind(staff.actor.userId)
        .run();
    const { holder } = await taken(staff);
    await releaseAbsentHolders(platform);
    expect(await holder()).toBe(`user:${staff.actor.userId}`);
    await env.DB.prepare(change).bind(staff.actor.userId).run();
    expect(await releaseAbsentHolders(platform)).toBeGreaterThan(0);
    expect(await holder()).toBe("queue");
  });
});

it("One that somebody else has taken meanwhile stays theirs, and an administrator of the platform keeps their own", async () => {
  const [staff, other, operator] = await Promise.all([
    createUser(clientId, { role: "moderator" }),
    createUser(clientId, { role: "moderator" }),
    createUser("operator", { role: "admin" }),
  ]);
  const first = await taken(staff);
  const second = await taken(operator);
  await conversationAt({ clientId, id: first.id }).changeHolder({
    change: { action: "assign", to: other.actor.userId, keepPersona: false },
    reason: "",
  });
  await env.DB.prepare("UPDATE users SET is_active = 0 WHERE id = ?").bind(staff.actor.userId).run();
  await releaseAbsentHolders(platform);
  expect(await first.holder()).toBe(`user:${other.actor.userId}`);
  expect(await second.holder()).toBe(`user:${operator.actor.userId}`);
});

it("A tenant says for how long its staff is waited for", async () => {
  const admin = await createUser(clientId, { role: "admin" });
  const settings = (seconds: unknown) =>
    send(
      "PUT",
      `/api/v1/admin/clients/${clientId}`,
      { settings: { holder_idle_seconds: seconds } },
      admin.headers,
    );
  for (const bad of [-1, 1.5, 604_801, "60"]) expect((await settings(bad)).status).toBe(400);
  await bodyOf(await settings(90), 200);
  const { id } = await taken(admin);
  const kept = await runInDurableObject(objectAt({ clientId, id }), (_, { storage }) =>
    storage.sql.exec("SELECT idle_seconds FROM watch").one(),
  );
  expect(kept).toEqual({ idle_seconds: 90 });
});

it("Whose conversations are to be let go of is found by an index, whatever else there is", async () => {
  const recorded = recordedDatabase();
  await releaseAbsentHolders({ ...platform, db: database(recorded.database) });
  const [query] = recorded.queries;
  const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${query?.sql}`)
    .bind(...(query?.parameters ?? []))
    .all<{ detail: string }>();
  const lines = results.map(({ detail }) => detail);
  expect(lines.filter((line) => /conversations|held/.test(line))).not.toEqual([]);
  expect(lines.filter((line) => /^SCAN (?!holders|CONSTANT)/.test(line))).toEqual([]);
});
