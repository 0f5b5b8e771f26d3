import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { answer, begin, messagesOf, newest, publish, said, say, withPersona } from "../../support/chats.ts";
import { conversationAt } from "../../support/conversations.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { sandboxBinding } from "../../support/tasks.ts";
import { createUser } from "../../support/users.ts";

const clientId = "chat_answers";

describe("A persona", () => {
  it("answers the first message of a conversation, and the answer is a message with its model and what it used", async () => {
    const { user, instance } = await withPersona(clientId);
    const begun = await begin(user, instance.id, { message: "Tell me about green tea", title: "Tea" });
    expect(begun).toMatchObject({
      conversation: { title: "Tea", status: "active", holder: "persona", instance_id: instance.id },
      message: { role: "user", seq: 1, content: "Tell me about green tea" },
      turn: { status: "running" },
    });
    const { view } = await answer(clientId, begun.conversation.id);
    expect(view).toMatchObject({ status: "completed", fuel: { spent: 10 } });
    const written = await newest(user, begun.conversation.id);
    expect(written).toMatchObject({
      role: "assistant",
      status: "complete",
      parent_id: begun.message?.id,
      model: "claude-haiku-5-5",
      usage: { input_tokens: expect.any(Number), output_tokens: expect.any(Number) },
    });
    expect(written.content).toContain("green tea");
  });

  it("is asked with its own words, and with all that was said before, each turn as whose it was", async () => {
    const { user, instance } = await withPersona(clientId, { system_prompt: "You sell tea." });
    const { conversation } = await begin(user, instance.id, { message: "Which tea about sleep?" });
    await answer(clientId, conversation.id);
    const first = await newest(user, conversation.id);
    await said(user, conversation.id, "And about waking?");
    const asked = sandboxBinding();
    await answer(clientId, conversation.id, asked);
    const body: unknown = JSON.parse(present(asked.bodies[0]));
    expect(body).toMatchObject({
      system: [{ text: expect.stringContaining("You sell tea.") }],
      messages: [
        { role: "user", content: [{ type: "text", text: "Which tea about sleep?" }] },
        { role: "assistant", content: [{ type: "text", text: first.content }] },
        { role: "user", content: [{ type: "text", text: "And about waking?" }] },
      ],
    });
  });

  it("tells nobody what it has kept of its executions", async () => {
    const memory_config = { enabled: true, auto_store: true };
    const { user, instance } = await withPersona(clientId, { memory_config });
    const path = `/api/v1/personas/instances/${instance.id}/memories`;
    const kept = { content: "CANARY likes green tea", owner: "owner" };
    await bodyOf(await send("POST", path, kept, user.headers), 201);
    await bodyOf(await publish(user, instance.id, {}), 200);
    const other = await createUser(clientId);
    const { conversation } = await begin(other, instance.id, { message: "Tell me about green tea" });
    const asked = sandboxBinding();
    await answer(clientId, conversation.id, asked);
    expect(asked.bodies.join()).not.toContain("CANARY");
  });

  it("says its greeting first, where it is published with one", async () => {
    const { user, instance } = await withPersona(clientId);
    const chat = { enabled: true, greeting: "What may I do for you?" };
    const path = `/api/v1/personas/instances/${instance.id}/chat`;
    await bodyOf(await send("PUT", path, chat, user.headers), 200);
    const { conversation } = await begin(user, instance.id);
    expect((await messagesOf(user, conversation.id)).messages).toMatchObject([
      { role: "assistant", content: "What may I do for you?", status: "complete", seq: 1 },
    ]);
    await said(user, conversation.id, "Tea about night");
    const { view } = await answer(clientId, conversation.id);
    expect(view?.status).toBe("completed");
  });

  it("talks with others of its tenant only once it is published for them, with its owner's fuel", async () => {
    const { user, instance } = await withPersona(clientId);
    const other = await createUser(clientId, { tier: "free" });
    const ask = { instance_id: instance.id };
    expect((await send("POST", "/api/v1/conversations", ask, other.headers)).status).toBe(404);
    const path = `/api/v1/personas/instances/${instance.id}/chat`;
    await bodyOf(await send("PUT", path, { enabled: true }, user.headers), 200);
    const { conversation } = await begin(other, instance.id, { message: "About tea" });
    const { view } = await answer(clientId, conversation.id);
    expect(view).toMatchObject({ status: "completed", started_by: { kind: "user", id: other.actor.userId } });
    await bodyOf(await send("PUT", path, { enabled: false }, user.headers), 200);
    expect((await say(other, conversation.id, "More about tea")).status).toBe(404);
    expect((await call(path, { headers: other.headers })).status).toBe(404);
  });

  it("answers nothing anew for others either once it is published no more, or its owner is deactivated", async () => {
    const { user, instance } = await withPersona(clientId);
    const other = await createUser(clientId);
    const chat = `/api/v1/personas/instances/${instance.id}/chat`;
    await bodyOf(await send("PUT", chat, { enabled: true }, user.headers), 200);
    const { conversation, message, turn } = await begin(other, instance.id, { message: "About tea" });
    await answer(clientId, conversation.id);
    const path = `/api/v1/conversations/${conversation.id}/messages`;
    const anew = async () => [
      (await send("PATCH", `${path}/${message?.id}`, { content: "About coffee" }, other.headers)).status,
      (await send("POST", `${path}/${turn?.message_id}/regenerate`, undefined, other.headers)).status,
      (await say(other, conversation.id, "More about tea")).status,
    ];
    await bodyOf(await send("PUT", chat, { enabled: false }, user.headers), 200);
    expect(await anew()).toEqual([404, 404, 404]);
    await bodyOf(await send("PUT", chat, { enabled: true }, user.headers), 200);
    await env.DB.prepare("UPDATE users SET is_active = 0 WHERE id = ?").bind(user.actor.userId).run();
    expect(await anew()).toEqual([404, 404, 404]);
    expect((await messagesOf(other, conversation.id)).last_seq).toBe(2);
  });
});

describe("A turn", () => {
  it("that fails ends with the catalogue's code, and can be written again in its place", async () => {
    const { user, instance } = await withPersona(clientId);
    const { conversation, turn } = await begin(user, instance.id, { message: "Tea #refusal" });
    const { view } = await answer(clientId, conversation.id);
    expect(view?.status).toBe("failed");
    await expect
      .poll(() => newest(user, conversation.id))
      .toMatchObject({ status: "failed", error: "AI_SERVICE_ERROR", content: "" });
    const path = `/api/v1/conversations/${conversation.id}/messages/${turn?.message_id}/regenerate`;
    const again = await bodyOf<{ turn: { message_id: string; id: string } }>(
      await send("POST", path, undefined, user.headers),
      202,
    );
    expect(again.turn.message_id).toBe(turn?.message_id);
    expect(again.turn.id).not.toBe(turn?.id);
  });

  it("whose run is cancelled is stopped", async () => {
    const { user, instance } = await withPersona(clientId);
    const { conversation } = await begin(user, instance.id, { message: "About tea" });
    await expect.poll(async () => (await newest(user, conversation.id)).status).toBe("pending");
    const stop = `/api/v1/personas/instances/${instance.id}/stop`;
    await expect
      .poll(
        async () => (await bodyOf<{ count: number }>(await send("POST", stop, {}, user.headers), 200)).count,
      )
      .toBe(1);
    await expect.poll(async () => (await newest(user, conversation.id)).status).toBe("stopped");
  });

  it("that was stopped is not answered any more by who has it", async () => {
    const { user, instance } = await withPersona(clientId);
    const { conversation } = await begin(user, instance.id, { message: "About tea" });
    const object = conversationAt({ clientId, id: conversation.id });
    const [turn] = await object.listTurns(1).then((turns) => (turns.ok ? turns.value : []));
    await bodyOf(
      await send("POST", `/api/v1/conversations/${conversation.id}/stop`, undefined, user.headers),
      200,
    );
    const key = { turnId: present(turn).id, epoch: 1 };
    expect(await object.contextOf(key)).toEqual({ ok: false, code: "ENDED" });
    expect(await object.beginAttempt(key)).toEqual({ ok: false, code: "ENDED" });
    expect(await newest(user, conversation.id)).toMatchObject({ status: "stopped", content: "" });
  });
});
