import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { call, send } from "../../support/api.ts";
import { answer, begin, newest, runOf, said, withPersona } from "../../support/chats.ts";
import { ask, closing, conversationAt, objectAt } from "../../support/conversations.ts";
import { listen } from "../../support/listener.ts";
import { tenantObjectOfRun } from "../../support/objects.ts";
import { present } from "../../support/personas.ts";

const clientId = "chat_live";

describe("Who hears a conversation", () => {
  it("hears what was said, the answer as it is written, and its end when they have all of it", async () => {
    const { user, instance } = await withPersona(clientId);
    const { conversation } = await begin(user, instance.id);
    const listener = await listen(user, conversation.id);
    const { message, turn } = await said(user, conversation.id, "Tell me about tea");
    await answer(clientId, conversation.id);
    const end = await listener.until(({ event }) => event === "turn.ended");
    const messageId = present(turn).message_id;
    const written = await newest(user, conversation.id);
    expect(listener.textOf(messageId)).toBe(written.content);
    expect(listener.told.filter(({ id }) => id !== undefined).map(({ event }) => event)).toEqual([
      "message.created",
      "message.created",
      "turn.started",
      "message.completed",
      "turn.ended",
    ]);
    expect(listener.told[0]?.data.message).toEqual(message);
    const turnId = present(turn).id;
    expect(listener.told.find(({ event }) => event === "turn.started")?.data).toMatchObject({
      turn_id: turnId,
      message_id: messageId,
      run_id: null,
      status: "running",
      answers_to: message.id,
    });
    expect(end.data).toMatchObject({
      turn_id: turnId,
      message_id: messageId,
      run_id: expect.any(String),
      status: "done",
    });
    await listener.close();
  });

  it("comes back after what they know, and hears what they have missed, once", async () => {
    const { user, instance } = await withPersona(clientId);
    const { conversation } = await begin(user, instance.id, { message: "About tea" });
    await answer(clientId, conversation.id);
    const whole = await listen(user, conversation.id, "?since=0");
    const known = await whole.until(({ event }) => event === "turn.started");
    await whole.until(({ event }) => event === "turn.ended");
    await whole.close();
    const rest = await listen(user, conversation.id, "", {
      headers: { "last-event-id": present(known.id) },
    });
    await rest.until(({ event }) => event === "turn.ended");
    await rest.close();
    const after = whole.told.filter(({ id }) => Number(id) > Number(known.id));
    expect(rest.told).toEqual(after);
  });

  it("has the text so far when they come in the middle of an answer, and after the conversation was evicted", async () => {
    const { user, instance } = await withPersona(clientId);
    const { conversation } = await begin(user, instance.id);
    const place = { clientId, id: conversation.id };
    const object = conversationAt(place);
    const early = await listen(user, conversation.id);
    await said(user, conversation.id, "Tea?");
    const [turn] = valueOrThrow(await object.listTurns(1));
    const { id: turnId, messageId, epoch } = present(turn);
    const begun = await object.beginAttempt({ turnId, epoch });
    expect(begun).toEqual({ ok: true, attempt: 1 });
    const write = (offset: number, text: string) =>
      object.writeDelta({ turnId, epoch, attempt: 1, offset, text });
    await write(0, "Green ");
    await early.until(({ event }) => event === "message.snapshot");
    await evictDurableObject(objectAt(place));
    const late = await listen(user, conversation.id);
    await late.until(({ event }) => event === "message.snapshot");
    await write(6, "tea ");
    await write(6, "tea 🍵");
    await object.closeTurn(closing({ turnId, epoch }, "Green tea 🍵."));
    for (const listener of [early, late]) {
      await listener.until(({ event }) => event === "message.completed");
      expect(listener.textOf(messageId)).toBe("Green tea 🍵.");
      await listener.close();
    }
  });

  it("hears another attempt from its start", async () => {
    const { user, instance } = await withPersona(clientId);
    const { conversation } = await begin(user, instance.id);
    const object = conversationAt({ clientId, id: conversation.id });
    const listener = await listen(user, conversation.id);
    const key = await ask(
      { send: (message) => object.send({ ...message, sender: { id: user.actor.userId, as: "owner" } }) },
      "Tea?",
    );
    const messageId = present(valueOrThrow(await object.listTurns(1))[0]).messageId;
    for (const [attempt, text] of [
      [1, "Blue"],
      [2, "Green"],
    ] as const) {
      await object.beginAttempt(key);
      await object.writeDelta({ ...key, attempt, offset: 0, text });
    }
    expect(await object.writeDelta({ ...key, attempt: 1, offset: 4, text: "berries" })).toEqual({
      ok: false,
      code: "ATTEMPT_PASSED",
    });
    await object.closeTurn(closing(key, "Green tea", 2));
    await listener.until(({ event }) => event === "message.completed");
    expect(listener.told.map(({ event }) => event)).toContain("message.reset");
    expect(listener.textOf(messageId)).toBe("Green tea");
    await listener.close();
  });

  it("is told of a gap where entries are not kept any more", async () => {
    const { user, instance } = await withPersona(clientId);
    const { conversation } = await begin(user, instance.id);
    const place = { clientId, id: conversation.id };
    await said(user, conversation.id, "One", { reply: false });
    await runInDurableObject(objectAt(place), (_, { storage }) => {
      storage.sql.exec("DELETE FROM log WHERE seq < 2");
    });
    const listener = await listen(user, conversation.id, "?since=0");
    const gap = await listener.until(({ event }) => event === "history.gap");
    expect(gap.data).toMatchObject({ since: 0, oldest: 2 });
    await listener.until(({ event }) => event === "message.created");
    await listener.close();
  });

  it("is told that it was erased, and nothing more; its run goes with it", async () => {
    const { user, instance } = await withPersona(clientId);
    const { conversation } = await begin(user, instance.id, { message: "About tea" });
    const run = await runOf(clientId, conversation.id);
    const listener = await listen(user, conversation.id);
    await send("DELETE", `/api/v1/conversations/${conversation.id}`, undefined, user.headers);
    await listener.until(({ event }) => event === "conversation.erased");
    await expect(listener.until(({ event }) => event === "more")).rejects.toThrow("The stream has ended");
    await expect
      .poll(() => tenantObjectOfRun(clientId, run).getRun(run, "tenant"))
      .toMatchObject({ ok: false, code: "NOT_FOUND" });
  });

  it("is its owner alone: for everybody else it is not there", async () => {
    const { user, instance } = await withPersona(clientId);
    const { conversation } = await begin(user, instance.id);
    const { user: other } = await withPersona(clientId);
    const path = `/api/v1/conversations/${conversation.id}/events`;
    expect((await call(path, { headers: other.headers })).status).toBe(404);
  });
});
