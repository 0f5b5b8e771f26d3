import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { call, send } from "../../support/api.ts";
import { answer, begin, messagesOf, said, withPersona } from "../../support/chats.ts";
import { open } from "../../support/conversation-sockets.ts";
import { conversationAt, objectAt } from "../../support/conversations.ts";
import { bodyOf } from "../../support/personas.ts";
import { waysToWrite } from "../../support/ways-to-write.ts";

const clientId = "chat_every_way";

async function talking() {
  const { user, instance } = await withPersona(clientId);
  const { conversation } = await begin(user, instance.id);
  return { user, instance, id: conversation.id, path: `/api/v1/conversations/${conversation.id}` };
}

it("What comes by all ways at once under one word is one message, and has one turn", async () => {
  const { user, id } = await talking();
  const { ways, close } = await waysToWrite(user, id);
  const all = [...Object.entries(ways), ...Object.entries(ways)];
  const writing = Promise.all(
    all.map(async ([way, write]) => [way, await write("m-1", "About tea")] as const),
  );
  await answer(clientId, id);
  const answers = await writing;
  const { messages } = await messagesOf(user, id, "?branch=all");
  expect(messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
  const [question, told] = messages;
  for (const [way, written] of answers)
    expect([way, written]).toEqual([way, { id: way === "AI SDK" ? told?.id : question?.id }]);
  expect(valueOrThrow(await conversationAt({ clientId, id }).listTurns(10))).toHaveLength(1);
  for (const [way, write] of Object.entries(ways))
    expect([way, await write("m-1", "About coffee")]).toEqual([way, { refused: "CONFLICT" }]);
  close();
});

describe("By whichever way it comes", () => {
  const nonsense: [string, unknown][] = [
    ["nothing", ""],
    ["blanks", " \n\t\u3000"],
    ["control characters", "\u0000\u0007\u200b"],
    ["half a character", "Tea \ud83c"],
    ["more than 32 KiB", "ü".repeat(16 * 1024 + 1)],
    ["a number", 5],
    ["no text at all", null],
  ];
  it.each(nonsense)("a message of %s is none", async (what, content) => {
    const { user, id } = await talking();
    const { ways, close } = await waysToWrite(user, id);
    // A socket has no command that says it.
    const codes = ["VALIDATION_ERROR", ...(what === "half a character" ? ["Invalid command"] : [])];
    for (const [way, write] of Object.entries(ways)) {
      const written = await write("m-1", content);
      expect(codes.map((refused) => [way, { refused }])).toContainEqual([way, written]);
    }
    expect((await messagesOf(user, id)).last_seq).toBe(0);
    close();
  });

  it("nobody says who writes, when, or which number it has, nor what it follows elsewhere", async () => {
    const { user, id, instance } = await talking();
    const elsewhere = await begin(user, instance.id);
    const { message } = await said(user, elsewhere.conversation.id, "Elsewhere", { reply: false });
    const { ways, close } = await waysToWrite(user, id);
    // What else the AI SDK says is nobody's business.
    const { "AI SDK": _, ...ours } = ways;
    for (const more of [
      { role: "agent" },
      { sender_id: crypto.randomUUID() },
      { created_at: "2020-01-01T00:00:00Z" },
      { seq: 1 },
      { parent_id: message.id },
      { parent_id: crypto.randomUUID() },
      { attachments: [crypto.randomUUID()] },
    ])
      for (const [way, write] of Object.entries(ours))
        expect([way, more, await write("m-1", "Tea", more)]).toEqual([
          way,
          more,
          { refused: "VALIDATION_ERROR" },
        ]);
    expect((await messagesOf(user, id)).last_seq).toBe(0);
    close();
  });

  it("a conversation in the archive takes nothing, and says so; it is heard and read as before", async () => {
    const { user, id, path } = await talking();
    const { message } = await said(user, id, "About tea", { reply: false });
    const { ways, socket, close } = await waysToWrite(user, id);
    await bodyOf(await send("PATCH", path, { status: "ended" }, user.headers), 200);
    const history = async (of: Awaited<ReturnType<typeof open>>) =>
      (await of.command("history", { since: 0, limit: 200 })).data;
    const before = await history(socket);
    await runInDurableObject(objectAt({ clientId, id }), (_, { storage }) => {
      // All has been told.
      storage.sql.exec("DELETE FROM outbox");
    });
    const archived = await conversationAt({ clientId, id }).archive(Date.now());
    expect(archived).toMatchObject({ value: { archived: true } });
    const refused = { refused: "CONVERSATION_ARCHIVED" };
    for (const [way, write] of Object.entries(ways))
      expect([way, await write(way.replace(" ", "-"), "And coffee?")]).toEqual([way, refused]);
    const { headers } = user;
    const file = { ...headers, "content-type": "text/plain", "x-file-name": "a.txt" };
    const regenerate = { id, trigger: "regenerate-message", messageId: message.id };
    const last = { id: "m", role: "user", parts: [{ type: "text", text: "Tea" }] };
    for (const [what, answer] of Object.entries({
      edit: await send("PATCH", `${path}/messages/${message.id}`, { content: "Else" }, headers),
      delete: await send("DELETE", `${path}/messages/${message.id}`, undefined, headers),
      rate: await send("PUT", `${path}/satisfaction`, { score: 5 }, headers),
      receipt: await send("PUT", `${path}/receipts`, { read_seq: 1 }, headers),
      stop: await send("POST", `${path}/stop`, undefined, headers),
      rename: await send("PATCH", path, { title: "Tea" }, headers),
      upload: await call(`${path}/attachments`, { method: "POST", headers: file, body: "Tea" }),
      regenerate: await send("POST", "/api/v1/chat", { ...regenerate, messages: [last] }, headers),
    }))
      expect([what, answer.status, await answer.text()]).toEqual([
        what,
        409,
        expect.stringContaining("CONVERSATION_ARCHIVED"),
      ]);
    expect(await history(socket)).toEqual(before);
    expect((await call(`/api/v1/chat/${id}/stream`, { headers })).status).toBe(204);
    const again = await open(user, id, { query: "?since=0" });
    expect(await history(again)).toEqual(before);
    expect((await messagesOf(user, id)).messages).toMatchObject([{ content: "About tea" }]);
    again.socket.close();
    close();
  });
});
