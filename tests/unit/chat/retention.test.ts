import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { keepConversations } from "#src/chat/index.ts";
import { dayMs } from "#src/kernel/clock.ts";
import { call, send } from "../../support/api.ts";
import { uploaded } from "../../support/attachments.ts";
import {
  answer,
  begin,
  conversationsOf,
  messagesOf,
  said,
  say,
  tellLists,
  withPersona,
} from "../../support/chats.ts";
import { objectAt } from "../../support/conversations.ts";
import { bodyOf } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { createUser, type TestUser } from "../../support/users.ts";

/** A tenant of its own with what it wants, and a conversation that has ended with an answer and a file. */
async function ended(clientId: string, settings: Record<string, unknown> = {}) {
  const { user, instance } = await withPersona(clientId);
  const admin = await createUser(clientId, { role: "admin" });
  const change = (asked: unknown) =>
    send("PUT", `/api/v1/admin/clients/${clientId}`, { settings: asked }, admin.headers);
  await bodyOf(await change(settings), 200);
  const { conversation } = await begin(user, instance.id);
  const { id } = conversation;
  const path = `/api/v1/conversations/${id}`;
  const file = await uploaded(user, id, "About oolong", "tea.txt");
  await said(user, id, "Tell me about oolong", { attachments: [file.id] });
  await answer(clientId, id);
  await bodyOf(await send("PATCH", path, { status: "ended" }, user.headers), 200);
  await tellLists(clientId, id);
  return { clientId, user, admin, instance, id, path, file, change };
}

type Ended = Awaited<ReturnType<typeof ended>>;

const keep = (days: number) => keepConversations(testPlatform(), Date.now() + days * dayMs);

/** As if something that a conversation does later were due. */
const hasten = ({ clientId, id }: Pick<Ended, "clientId" | "id">, kind: "freeze" | "sweep") =>
  runInDurableObject(objectAt({ clientId, id }), (_, { storage: { sql } }) => {
    sql.exec("UPDATE outbox SET next_at = 0 WHERE kind = ?", kind);
  });

/** Has a conversation archived, as soon as it has told all there is to tell. */
async function archived({ clientId, id }: Ended, days = 181) {
  await hasten({ clientId, id }, "sweep");
  await expect
    .poll(
      async () => {
        await runDurableObjectAlarm(objectAt({ clientId, id }));
        await tellLists(clientId, id);
        await keep(days);
        return env.DB.prepare("SELECT archived_at FROM conversations WHERE id = ?")
          .bind(id)
          .first("archived_at");
      },
      { timeout: 10_000 },
    )
    .not.toBe(null);
}

const rowsOf = ({ clientId, id }: Ended) =>
  runInDurableObject(
    objectAt({ clientId, id }),
    (_, { storage: { sql } }) => sql.exec<{ n: number }>("SELECT count(*) AS n FROM messages").one().n,
  );

const partsOf = async ({ clientId, id }: Ended) =>
  (await env.BLOBS.list({ prefix: `conversations/${clientId}/${id}/` })).objects.length;

/** All that can be read of it, by its owner and by the staff. */
async function readings({ user, admin, path, id, file }: Ended) {
  const get = async (of: string, { headers }: TestUser) => (await call(of, { headers })).text();
  return {
    conversation: await get(path, user),
    messages: await messagesOf(user, id),
    file: await get(`${path}/attachments/${file.id}`, user),
    listed: (await conversationsOf(user)).conversations,
    found: await get("/api/v1/conversations/search?q=oolong", user),
    staff: await get(`/api/v1/admin/conversations/${id}`, admin),
    exported: await (
      await send(
        "POST",
        "/api/v1/admin/conversations/export",
        { conversation_ids: [id], format: "markdown" },
        admin.headers,
      )
    ).text(),
  };
}

describe("A conversation that ended long ago", () => {
  it("is read from the archive as before, and takes nothing any more", async () => {
    const of = await ended("retention_archived");
    await keep(179);
    expect([await rowsOf(of), await partsOf(of)]).toEqual([2, 0]);
    await archived(of, 180.01);
    const before = await readings(of);
    expect(before.messages.messages).toHaveLength(2);
    await hasten(of, "freeze");
    await runDurableObjectAlarm(objectAt(of));
    expect([await rowsOf(of), await partsOf(of)]).toEqual([0, 1]);
    expect(await readings(of)).toEqual(before);
    const { user, path, admin } = of;
    const message = { client_message_id: "late", content: "And now?" };
    for (const refused of [
      await send("POST", `${path}/messages`, message, user.headers),
      await send("PATCH", path, { status: "active" }, user.headers),
      await send("PATCH", `/api/v1/admin/conversations/${of.id}/status`, { status: "active" }, admin.headers),
      await send("POST", `${path}/messages/${before.messages.messages[1]?.id}/regenerate`, {}, user.headers),
    ]) {
      expect(await bodyOf(refused, 409)).toMatchObject({ error: "CONVERSATION_ARCHIVED" });
    }
  });

  it("leaves nothing behind when it is erased out of the archive", async () => {
    const of = await ended("retention_archive_erased");
    await archived(of);
    expect(await partsOf(of)).toBe(1);
    expect((await send("DELETE", of.path, undefined, of.user.headers)).status).toBe(204);
    await expect.poll(() => partsOf(of)).toBe(0);
    expect((await call(of.path, { headers: of.user.headers })).status).toBe(404);
    expect(await rowsOf(of)).toBe(0);
  });

  it("is erased when its tenant keeps it no longer, archived or not; nobody else's, and none that goes on", async () => {
    const short = await ended("retention_short", { retention_days: 10, archive_after_days: 5 });
    const long = await ended("retention_long");
    const goesOn = await begin(short.user, short.instance.id);
    await archived(short, 6);
    await keep(9);
    const status = async ({ user, path }: Ended) => (await call(path, { headers: user.headers })).status;
    expect(await status(short)).toBe(200);
    await keep(11);
    expect([await status(short), await status(long)]).toEqual([404, 200]);
    const other = `/api/v1/conversations/${goesOn.conversation.id}`;
    expect((await call(other, { headers: short.user.headers })).status).toBe(200);
  });
});

describe("What becomes of conversations", () => {
  it("is said in the tenant's settings, by its administration, within bounds", async () => {
    const { change, user, clientId } = await ended("retention_settings");
    for (const settings of [
      { archive_after_days: 0 },
      { archive_after_days: 1.5 },
      { retention_days: -1 },
      { retention_days: "10" },
      { reopen_ended: "no" },
    ])
      expect((await change(settings)).status).toBe(400);
    const own = { settings: { retention_days: 1 } };
    expect((await send("PUT", `/api/v1/admin/clients/${clientId}`, own, user.headers)).status).toBe(403);
    const stranger = await createUser("retention_stranger", { role: "admin" });
    const theirs = await send("PUT", `/api/v1/admin/clients/${clientId}`, own, stranger.headers);
    expect(theirs.status).toBe(404);
  });

  it("where the tenant has it so, what has ended is not reopened by its owner, but by the staff", async () => {
    const { user, admin, id, path } = await ended("retention_closed", { reopen_ended: false });
    expect(await bodyOf(await say(user, id, "Once more"), 409)).toMatchObject({ error: "CONFLICT" });
    expect((await send("PATCH", path, { status: "active" }, user.headers)).status).toBe(409);
    expect((await messagesOf(user, id)).messages).toHaveLength(2);
    const status = `/api/v1/admin/conversations/${id}/status`;
    await bodyOf(await send("PATCH", status, { status: "active" }, admin.headers), 200);
    expect((await say(user, id, "Once more")).status).toBe(201);
  });
});
