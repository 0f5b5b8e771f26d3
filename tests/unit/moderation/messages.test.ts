import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { call, send } from "../../support/api.ts";
import { answer, begin, conversationsOf, messagesOf, said, say, tellLists } from "../../support/chats.ts";
import { open } from "../../support/conversation-sockets.ts";
import { conversationAt } from "../../support/conversations.ts";
import { decide, staffView, withRule, withRules } from "../../support/moderation.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";
import { visit, withWidget } from "../../support/widgets.ts";

const contentsOf = async (user: TestUser, id: string) =>
  (await messagesOf(user, id, "?branch=all")).messages.map(({ content }) => content);

const flagged = async (staff: TestUser, clientId: string, id: string, query = "?flagged=true") => {
  await tellLists(clientId, id);
  const listed = await bodyOf<{ conversations: { id: string; flagged: number }[] }>(
    await call(`/api/v1/admin/conversations${query}`, { headers: staff.headers }),
    200,
  );
  return listed.conversations.map(({ id: one, flagged: count }) => [one, count]);
};

/** What the persona would be told by the turn that is running. */
async function contextOf(clientId: string, id: string): Promise<string> {
  const conversation = conversationAt({ clientId, id });
  const { turn } = valueOrThrow(await conversation.standing());
  return JSON.stringify(
    await conversation.contextOf({ turnId: present(turn).id, epoch: present(turn).epoch }),
  );
}

describe("What a rule refuses", () => {
  it("is taken on no way in, and leaves nothing behind", async () => {
    const clientId = "moderation_ways";
    const { user, instance, id } = await withRules(clientId);
    const { message } = await said(user, id, "About tea", { reply: false });
    const before = await contentsOf(user, id);
    const refused = "A Réfusewörd!";
    const root = "/api/v1/conversations";
    expect((await say(user, id, refused)).status).toBe(422);
    const streamed = await send(
      "POST",
      `${root}/${id}/messages`,
      { client_message_id: "s-1", content: refused },
      { ...user.headers, accept: "text/event-stream" },
    );
    expect(streamed.status).toBe(422);
    const edited = await send(
      "PATCH",
      `${root}/${id}/messages/${message.id}`,
      { content: refused },
      user.headers,
    );
    expect(edited.status).toBe(422);
    const posted = { id, messages: [{ id: "m-1", role: "user", parts: [{ type: "text", text: refused }] }] };
    expect((await send("POST", "/api/v1/chat", posted, user.headers)).status).toBe(422);
    const socket = await open(user, id);
    const answered = await socket.command("message.send", { client_message_id: "w-1", content: refused });
    expect(answered).toMatchObject({ type: "error", data: { code: "MESSAGE_REFUSED" } });
    expect(await contentsOf(user, id)).toEqual(before);
    const count = (await conversationsOf(user)).conversations.length;
    const begun = { instance_id: instance.id, message: refused };
    expect((await send("POST", root, begun, user.headers)).status).toBe(422);
    expect((await conversationsOf(user)).conversations).toHaveLength(count);
  });

  it("is not taken of visitors either", async () => {
    const { widget, staff, instance } = await withWidget("moderation_visitors");
    await withRule(staff, { words: ["refuseword"] });
    const visitor = await visit(widget.key);
    const begun = { instance_id: instance.id, message: "refuseword" };
    expect((await send("POST", "/api/v1/conversations", begun, visitor.headers)).status).toBe(422);
    expect(
      (await send("POST", "/api/v1/conversations", { ...begun, message: "Tea" }, visitor.headers)).status,
    ).toBe(201);
  });

  it("stays what it was where it had been taken before the rule was made", async () => {
    const { user, staff, id } = await withRules("moderation_before");
    const sent = { client_message_id: "m-1", content: "A lateword", reply: false };
    const path = `/api/v1/conversations/${id}/messages`;
    const { message } = await bodyOf<{ message: { id: string } }>(
      await send("POST", path, sent, user.headers),
      201,
    );
    await withRule(staff, { words: ["lateword"] });
    const again = await bodyOf<{ message: { id: string } }>(
      await send("POST", path, sent, user.headers),
      200,
    );
    expect(again.message.id).toBe(message.id);
    expect((await send("POST", path, { ...sent, client_message_id: "m-2" }, user.headers)).status).toBe(422);
  });
});

describe("What a rule holds", () => {
  it("is its sender's as if it was sent, marked for the staff, and neither read nor answered by the persona", async () => {
    const clientId = "moderation_held";
    const { user, staff, id } = await withRules(clientId);
    const held = await said(user, id, "Some holdword, you know");
    expect([held.turn, held.message.status]).toEqual([null, "complete"]);
    expect(JSON.stringify(held)).not.toContain("moderation");
    expect(JSON.stringify(await messagesOf(user, id))).not.toContain("Rule to hold");
    await tellLists(clientId, id);
    expect(JSON.stringify(await conversationsOf(user))).not.toContain("flagged");
    const shown = await staffView(staff, id);
    expect(shown.messages).toMatchObject([
      {
        content: "Some holdword, you know",
        moderation: { action: "hold", rule: "Rule to hold", state: "open" },
      },
    ]);
    const next = await said(user, id, "About tea");
    expect(next.turn?.status).toBe("running");
    const context = await contextOf(clientId, id);
    expect([context.includes("About tea"), context.includes("holdword")]).toEqual([true, false]);
  });

  it("is read and answered once the staff lets it stand, and that is done once", async () => {
    const clientId = "moderation_released";
    const { user, staff, id } = await withRules(clientId);
    const { message } = await said(user, id, "A holdword about tea");
    const released = await bodyOf(await decide(staff, id, message.id, "release"), 200);
    expect(released).toMatchObject({ id: message.id, content: "A holdword about tea" });
    expect(await contextOf(clientId, id)).toContain("holdword");
    await answer(clientId, id);
    await bodyOf(await decide(staff, id, message.id, "release"), 200);
    expect((await messagesOf(user, id)).messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
    const [shown] = (await staffView(staff, id)).messages;
    expect(shown?.moderation).toMatchObject({ state: "released", decided_by: staff.actor.userId });
  });

  it("is read with what comes behind it where something was answered meanwhile", async () => {
    const clientId = "moderation_late";
    const { user, staff, id } = await withRules(clientId);
    const { message } = await said(user, id, "A holdword");
    await said(user, id, "About tea");
    await answer(clientId, id);
    await bodyOf(await decide(staff, id, message.id, "release"), 200);
    expect(valueOrThrow(await conversationAt({ clientId, id }).standing()).turn).toBeNull();
    await said(user, id, "And coffee?");
    expect(await contextOf(clientId, id)).toContain("holdword");
  });

  it("is hidden where the staff refuses it, and cannot be let stand any more", async () => {
    const clientId = "moderation_hidden";
    const { user, staff, id } = await withRules(clientId);
    const { message } = await said(user, id, "A holdword");
    await bodyOf(await decide(staff, id, message.id, "hide"), 200);
    expect((await messagesOf(user, id)).messages).toMatchObject([{ content: "", status: "hidden" }]);
    const [shown] = (await staffView(staff, id)).messages;
    expect(shown).toMatchObject({ content: "A holdword", moderation: { state: "hidden" } });
    expect((await decide(staff, id, message.id, "release")).status).toBe(404);
    expect(await flagged(staff, clientId, id)).toEqual([]);
  });

  it("interrupts no answer, and an edit that is held is answered only then", async () => {
    const clientId = "moderation_edit";
    const { user, staff, id } = await withRules(clientId);
    const { message } = await said(user, id, "About tea", { reply: false });
    const path = `/api/v1/conversations/${id}/messages/${message.id}`;
    const edited = await bodyOf<{ turn: unknown; message: { id: string } }>(
      await send("PATCH", path, { content: "About holdword" }, user.headers),
      201,
    );
    expect(edited.turn).toBeNull();
    await bodyOf(await decide(staff, id, edited.message.id, "release"), 200);
    expect(await contextOf(clientId, id)).toContain("holdword");
  });

  it("waits as well where it is only corrected so, while a person answers", async () => {
    const clientId = "moderation_corrected";
    const { user, staff, id } = await withRules(clientId);
    const act = async (what: string) =>
      bodyOf(await send("POST", `/api/v1/admin/conversations/${id}/${what}`, {}, staff.headers), 200);
    await act("take");
    const { message } = await said(user, id, "About tea");
    const path = `/api/v1/conversations/${id}/messages/${message.id}`;
    await bodyOf(await send("PATCH", path, { content: "About holdword" }, user.headers), 200);
    await act("hand-back");
    expect(valueOrThrow(await conversationAt({ clientId, id }).standing()).turn).toBeNull();
    await bodyOf(await decide(staff, id, message.id, "release"), 200);
    expect(await contextOf(clientId, id)).toContain("holdword");
  });

  it("goes with its conversation, and nothing of it is found any more", async () => {
    const clientId = "moderation_erased";
    const { user, staff, id } = await withRules(clientId);
    await said(user, id, "A holdword Zaubernuss");
    expect((await send("DELETE", `/api/v1/conversations/${id}`, undefined, user.headers)).status).toBe(204);
    expect((await call(`/api/v1/admin/conversations/${id}`, { headers: staff.headers })).status).toBe(404);
    expect(await flagged(staff, clientId, id)).toEqual([]);
  });
});

describe("What a rule flags", () => {
  it("is answered as ever, and the staff finds the conversation until somebody has looked", async () => {
    const clientId = "moderation_flagged";
    const { user, staff, instance, id } = await withRules(clientId);
    const { conversation: other } = await begin(user, instance.id, { message: "About tea" });
    await tellLists(clientId, other.id);
    const { message, turn } = await said(user, id, "Some flagword");
    expect(turn?.status).toBe("running");
    expect(await flagged(staff, clientId, id)).toEqual([[id, 1]]);
    expect(await flagged(staff, clientId, id, "?flagged=false")).toEqual([[other.id, 0]]);
    await bodyOf(await decide(staff, id, message.id, "release"), 200);
    expect(await flagged(staff, clientId, id)).toEqual([]);
  });

  it("is for the staff of the tenant alone to decide on", async () => {
    const { user, id } = await withRules("moderation_mine");
    const { message } = await said(user, id, "Some holdword");
    const elsewhere = await createUser("moderation_others", { role: "moderator" });
    expect((await decide(user, id, message.id, "release")).status).toBe(403);
    expect((await decide(elsewhere, id, message.id, "release")).status).toBe(404);
    const staff = await createUser("moderation_mine", { permissions: ["conversations.handle"] });
    const { message: clean } = await said(user, id, "About tea", { reply: false });
    expect((await decide(staff, id, clean.id, "release")).status).toBe(200);
    expect((await decide(staff, id, id, "release")).status).toBe(404);
  });
});
