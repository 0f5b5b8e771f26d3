import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { call, send } from "../../support/api.ts";
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
import { conversationAt } from "../../support/conversations.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const clientId = "chat_lists";

describe("One's conversations", () => {
  it("are listed with what was last said and what is unread, the one that moved last first", async () => {
    const { user, instance } = await withPersona(clientId);
    const first = await begin(user, instance.id, { title: "First" });
    const second = await begin(user, instance.id, { title: "Second" });
    await said(user, first.conversation.id, "Tell me about tea");
    await answer(clientId, first.conversation.id);
    for (const { conversation } of [first, second]) await tellLists(clientId, conversation.id);
    expect((await conversationsOf(user)).conversations).toMatchObject([
      { title: "First", unread: 1, last_seq: 2, last_message: { role: "assistant" } },
      { title: "Second", unread: 0, last_message: null },
    ]);
    const receipt = await send(
      "PUT",
      `/api/v1/conversations/${first.conversation.id}/receipts`,
      { read_seq: 99 },
      user.headers,
    );
    expect(await bodyOf(receipt, 200)).toEqual({ delivered_seq: 2, read_seq: 2, unread: 0, muted: false });
    await tellLists(clientId, first.conversation.id);
    expect((await conversationsOf(user)).conversations[0]?.unread).toBe(0);
    const begun = await conversationsOf(user, "?sort=started_at&limit=1");
    expect(begun.conversations.map(({ id }) => id)).toEqual([second.conversation.id]);
    const next = await conversationsOf(user, `?sort=started_at&limit=1&cursor=${begun.next_cursor}`);
    expect(next.conversations.map(({ id }) => id)).toEqual([first.conversation.id]);
  });

  it("count nothing as unread that one has muted, for oneself alone and until one has it otherwise", async () => {
    const { user, instance } = await withPersona(clientId);
    const staff = await createUser(clientId, { role: "moderator" });
    const { conversation } = await begin(user, instance.id, { message: "Tell me about tea" });
    await answer(clientId, conversation.id);
    const path = `/api/v1/conversations/${conversation.id}/receipts`;
    const put = async (body: object) => bodyOf(await send("PUT", path, body, user.headers), 200);
    const shown = async () => {
      await tellLists(clientId, conversation.id);
      const [own] = (await conversationsOf(user)).conversations;
      const ofTenant = `/api/v1/admin/conversations?user_id=${user.actor.userId}&unread=true`;
      const { conversations: [seen] = [] } = await bodyOf<{ conversations: { unread: number }[] }>(
        await call(ofTenant, { headers: staff.headers }),
        200,
      );
      return { unread: own?.unread, muted: own?.muted, ofTenant: seen?.unread };
    };
    expect(await shown()).toEqual({ unread: 1, muted: false, ofTenant: 1 });
    expect(await put({ muted: true })).toEqual({ delivered_seq: 0, read_seq: 0, unread: 1, muted: true });
    expect(await shown()).toEqual({ unread: 0, muted: true, ofTenant: 1 });
    expect(await put({ delivered_seq: 2 })).toEqual({
      delivered_seq: 2,
      read_seq: 0,
      unread: 1,
      muted: true,
    });
    expect(await shown()).toEqual({ unread: 0, muted: true, ofTenant: 1 });
    expect(await put({ muted: false })).toMatchObject({ muted: false });
    expect(await shown()).toEqual({ unread: 1, muted: false, ofTenant: 1 });
    const { entries } = valueOrThrow(await conversationAt({ clientId, id: conversation.id }).readLog(0, 100));
    // Whether somebody has muted it is told to nobody: only how far they have got.
    expect(entries.filter(({ event }) => event === "receipt.changed")).toHaveLength(1);
  });

  it("lie in a project of one's own where one is named, and are listed by it; in nobody else's", async () => {
    const { user, instance } = await withPersona(clientId);
    const project = async (owner: TestUser) =>
      (
        await bodyOf<{ id: string }>(
          await send("POST", "/api/v1/projects", { name: crypto.randomUUID() }, owner.headers),
          201,
        )
      ).id;
    const [mine, empty] = [await project(user), await project(user)];
    const { conversation } = await begin(user, instance.id, { project_id: mine });
    const other = await begin(user, instance.id);
    expect([conversation.project_id, other.conversation.project_id]).toEqual([mine, null]);
    for (const { id } of [conversation, other.conversation]) await tellLists(clientId, id);
    const listed = async (id: string) =>
      (await conversationsOf(user, `?project_id=${id}`)).conversations.map(({ id: shown, project_id }) => [
        shown,
        project_id,
      ]);
    expect([await listed(mine), await listed(empty)]).toEqual([[[conversation.id, mine]], []]);

    const strangers = [await createUser(clientId), await createUser("chat_lists_others")];
    const foreign = [...(await Promise.all(strangers.map(project))), crypto.randomUUID()];
    for (const projectId of foreign) {
      const body = { instance_id: instance.id, project_id: projectId };
      const refused = await send("POST", "/api/v1/conversations", body, user.headers);
      expect(await bodyOf(refused, 404)).toMatchObject({ error: "NOT_FOUND" });
    }

    await send("DELETE", `/api/v1/projects/${mine}`, undefined, user.headers);
    expect(
      (await send("DELETE", `/api/v1/conversations/${conversation.id}`, undefined, user.headers)).status,
    ).toBe(204);
    await tellLists(clientId, conversation.id);
    expect(await listed(mine)).toEqual([]);
    const { results } = await env.DB.prepare("SELECT project_id FROM conversations WHERE id = ?")
      .bind(conversation.id)
      .all();
    expect(results).toEqual([{ project_id: null }]);
  });

  it("are gone once they are erased, from the list and from their object, whatever comes late", async () => {
    const { user, instance } = await withPersona(clientId);
    const { conversation, turn } = await begin(user, instance.id, { message: "CANARY about tea" });
    const path = `/api/v1/conversations/${conversation.id}`;
    await tellLists(clientId, conversation.id);
    expect((await conversationsOf(user)).count).toBe(1);
    expect((await send("DELETE", path, undefined, user.headers)).status).toBe(204);
    expect((await call(path, { headers: user.headers })).status).toBe(404);
    await tellLists(clientId, conversation.id);
    expect((await conversationsOf(user)).count).toBe(0);
    const object = conversationAt({ clientId, id: conversation.id });
    const closing = { turnId: present(turn).id, epoch: 1, attempt: 1, text: "CANARY", model: "m" };
    const usage = { input_tokens: 1, output_tokens: 1 };
    expect(await object.closeTurn({ ...closing, usage })).toMatchObject({ ok: false });
    expect((await say(user, conversation.id, "More")).status).toBe(404);
    const { results } = await env.DB.prepare("SELECT * FROM conversations WHERE id = ?")
      .bind(conversation.id)
      .all();
    expect(JSON.stringify(results)).not.toContain("CANARY");
  });
});

describe("Messages", () => {
  it("are one for one word of their sender, and refused with another text under it", async () => {
    const { user, instance } = await withPersona(clientId);
    const { conversation } = await begin(user, instance.id);
    const path = `/api/v1/conversations/${conversation.id}/messages`;
    const message = { client_message_id: "m-1", content: "Tea?", reply: false };
    const first = await bodyOf<{ message: { id: string } }>(
      await send("POST", path, message, user.headers),
      201,
    );
    const again = await bodyOf<{ message: { id: string } }>(
      await send("POST", path, message, user.headers),
      200,
    );
    expect(again.message.id).toBe(first.message.id);
    const other = await send("POST", path, { ...message, content: "Coffee?" }, user.headers);
    expect(other.status).toBe(409);
  });

  it("are read in pages both ways, and one by one", async () => {
    const { user, instance } = await withPersona(clientId);
    const { conversation } = await begin(user, instance.id);
    for (const content of ["1", "2", "3", "4", "5"])
      await said(user, conversation.id, content, { reply: false });
    const contents = async (query: string) => {
      const { messages, has_more, last_seq } = await messagesOf(user, conversation.id, query);
      return [messages.map(({ content }) => content).join(""), has_more, last_seq];
    };
    expect(await contents("?limit=2")).toEqual(["45", true, 5]);
    expect(await contents("?limit=2&before=4")).toEqual(["23", true, 5]);
    expect(await contents("?limit=3&after=3")).toEqual(["45", false, 5]);
    expect(await contents("?before=0")).toEqual(["", false, 5]);
    const [first] = (await messagesOf(user, conversation.id)).messages;
    const path = `/api/v1/conversations/${conversation.id}/messages/${first?.id}`;
    expect(await bodyOf(await call(path, { headers: user.headers }), 200)).toEqual(first);
  });

  it("that cannot be are refused, and nothing is written", async () => {
    const { user, instance } = await withPersona(clientId);
    const { conversation } = await begin(user, instance.id);
    const { conversation: other } = await begin(user, instance.id);
    const { message: elsewhere } = await said(user, other.id, "Elsewhere", { reply: false });
    const good = { client_message_id: "m", content: "Tea" };
    const bad: Record<string, unknown>[] = [
      { ...good, content: "" },
      { ...good, content: " \n\t\u200b\u0007" },
      { ...good, content: "\ud800" },
      { ...good, content: "ä".repeat(16_385) },
      { ...good, client_message_id: "x".repeat(65) },
      { ...good, client_message_id: "" },
      { ...good, role: "assistant" },
      { ...good, sender_id: "somebody" },
      { ...good, seq: 1 },
      { ...good, created_at: "2026-01-01T00:00:00Z" },
      { ...good, parent_id: elsewhere.id },
      { ...good, parent_id: "01a21f3e-b90d-7533-823a-b30ad9e5b31d" },
      { content: "Tea" },
    ];
    const path = `/api/v1/conversations/${conversation.id}/messages`;
    for (const body of bad) {
      const { status } = await send("POST", path, body, user.headers);
      expect([status, JSON.stringify(body).slice(0, 80)]).toEqual([400, JSON.stringify(body).slice(0, 80)]);
    }
    for (const query of ["?since=-1", "?since=x"])
      expect(
        (await call(`/api/v1/conversations/${conversation.id}/events${query}`, { headers: user.headers }))
          .status,
      ).toBe(400);
    const left = await conversationAt({ clientId, id: conversation.id }).listMessages({
      limit: 9,
      branch: "all",
    });
    expect(valueOrThrow(left).lastSeq).toBe(0);
  });

  it("are edited into a branch of their own, to which one can go back", async () => {
    const { user, instance } = await withPersona(clientId);
    const { conversation } = await begin(user, instance.id);
    const { message } = await said(user, conversation.id, "Tea?", { reply: false });
    const root = `/api/v1/conversations/${conversation.id}`;
    const path = `${root}/messages/${message.id}`;
    const edited = await bodyOf<{ message: { id: string } }>(
      await send("PATCH", path, { content: "Coffee?" }, user.headers),
      201,
    );
    await bodyOf(await send("POST", `${root}/stop`, undefined, user.headers), 200);
    const shown = async () =>
      (await messagesOf(user, conversation.id)).messages.map(({ content }) => content);
    expect(await shown()).toEqual(["Coffee?", ""]);
    await bodyOf(await send("PUT", `${root}/active`, { leaf_id: message.id }, user.headers), 200);
    expect(await shown()).toEqual(["Tea?"]);
    expect((await send("DELETE", path, undefined, user.headers)).status).toBe(204);
    expect(await shown()).toEqual([""]);
    expect(edited.message.id).not.toBe(message.id);
  });
});
