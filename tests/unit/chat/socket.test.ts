import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { send } from "../../support/api.ts";
import { answer, begin, messagesOf, newest } from "../../support/chats.ts";
import { ask, isEvent, numbersOf, open, staffRoot } from "../../support/conversation-sockets.ts";
import { closing, conversationAt, objectAt } from "../../support/conversations.ts";
import { bodyOf, makeInstance, present } from "../../support/personas.ts";
import { createUserWithSession } from "../../support/users.ts";

const clientId = "chat_socket";

/** Somebody with a conversation of theirs. */
async function talking(tenant = clientId) {
  const user = await createUserWithSession(tenant);
  const instance = await makeInstance(user, { model: "claude-haiku-5-5" });
  const { conversation } = await begin(user, instance.id);
  return { user, id: conversation.id, place: { clientId: tenant, id: conversation.id } };
}

const staffOf = (tenant: string) => createUserWithSession(tenant, { role: "moderator" });

const message = (id: string, content: string) => ({ client_message_id: id, content });

describe("A socket at a conversation", () => {
  it("sends a message, which is answered with what was stored, and hears the answer as it is written", async () => {
    const { user, id } = await talking();
    const socket = await open(user, id);
    const sent = await socket.command("message.send", message("m-1", "Tell me about tea"));
    expect(sent).toMatchObject({ type: "response", data: { created: true, message: { role: "user" } } });
    await answer(clientId, id);
    const ended = await socket.next(isEvent("turn.ended"));
    expect(ended.data).toMatchObject({ status: "done" });
    const written = await newest(user, id);
    const texts = socket.frames.filter(
      ({ event }) => event === "message.snapshot" || event === "message.delta",
    );
    expect(texts.map(({ data }) => data?.text).join("")).toBe(written.content);
    expect(numbersOf(socket.frames)).toEqual([2, 3, 4, 5, 6]);
  });

  it("says the same message again as often as it likes: it is one, over sockets and REST", async () => {
    const { user, id } = await talking();
    const [one, other] = [await open(user, id), await open(user, id)];
    const said = { ...message("m-1", "Once"), reply: false };
    const answers = await Promise.all([
      one.command("message.send", said),
      other.command("message.send", said),
      one.command("message.send", said),
      send("POST", `/api/v1/conversations/${id}/messages`, said, user.headers),
    ]);
    expect(
      answers.slice(0, 3).filter((frame) => "data" in frame && frame.data?.created === true).length,
    ).toBeLessThanOrEqual(1);
    expect((await messagesOf(user, id)).messages.map(({ content }) => content)).toEqual(["Once"]);
    const refused = await other.command("message.send", { ...said, content: "Something else" });
    expect(refused).toMatchObject({ type: "error", data: { code: "CONFLICT", command: "message.send" } });
  });

  it("hears its person's own word for a message, which nobody else does", async () => {
    const { user, id } = await talking();
    const mine = await open(user, id);
    const staffs = await open(await staffOf(clientId), id, { root: staffRoot });
    await mine.command("message.send", { ...message("my-word", "Hello"), reply: false });
    const told = await mine.next(isEvent("message.created"));
    expect(told.data).toMatchObject({ client_message_id: "my-word" });
    await staffs.next(isEvent("message.created"));
    const page = await staffs.command("history", { since: 0 });
    expect(JSON.stringify([...staffs.frames, page])).not.toContain("my-word");
  });

  it("resumes after a number, with what was missed, each once", async () => {
    const { user, id } = await talking();
    for (const word of ["one", "two", "three"])
      await send(
        "POST",
        `/api/v1/conversations/${id}/messages`,
        { ...message(word, word), reply: false },
        user.headers,
      );
    const socket = await open(user, id, { query: "?since=2" });
    await socket.next(({ seq }) => seq === 4);
    expect(numbersOf(socket.frames)).toEqual([3, 4]);
    expect(socket.frames[0]).toMatchObject({ event: "connection.established", data: { seq: 2 } });
  });

  it("begins with what comes where its number is still to come; one that is none is refused", async () => {
    const { user, id } = await talking();
    const socket = await open(user, id, { query: "?since=999999" });
    await socket.command("message.send", { ...message("m", "Now"), reply: false });
    await socket.next(isEvent("message.created"));
    expect(numbersOf(socket.frames)).toEqual([2]);
    for (const since of ["-1", "x", "1.5"]) expect((await ask(user, id, `?since=${since}`)).status).toBe(400);
  });

  it("sleeps with the conversation, and goes on where it was", async () => {
    const { user, id, place } = await talking();
    const socket = await open(user, id);
    await evictDurableObject(objectAt(place));
    const sent = await socket.command("message.send", { ...message("m", "Awake?"), reply: false });
    expect(sent).toMatchObject({ type: "response", event: "message.send" });
    expect((await socket.next(isEvent("message.created"))).seq).toBe(2);
  });

  it("is given all of the text anew when it asks, and what comes after", async () => {
    const { user, id, place } = await talking();
    const object = conversationAt(place);
    const socket = await open(user, id);
    await socket.command("message.send", message("m", "Tea?"));
    const { id: turnId, epoch } = present(valueOrThrow(await object.listTurns(1))[0]);
    await object.beginAttempt({ turnId, epoch });
    await object.writeDelta({ turnId, epoch, attempt: 1, offset: 0, text: "Green " });
    await socket.next(isEvent("message.snapshot"));
    await socket.command("message.sync");
    const snapshots = socket.frames.filter(isEvent("message.snapshot"));
    expect(snapshots.map(({ data }) => data?.text)).toEqual(["Green ", "Green "]);
    await object.closeTurn(closing({ turnId, epoch }, "Green tea"));
    await socket.next(isEvent("message.completed"));
    const deltas = socket.frames.filter(isEvent("message.delta"));
    expect(deltas.map(({ data }) => data)).toMatchObject([{ offset: 6, text: "tea" }]);
  });

  it("stops an answer; what is written stays", async () => {
    const { user, id } = await talking();
    const socket = await open(user, id);
    await socket.command("message.send", message("m", "Tea?"));
    expect(await socket.command("turn.stop")).toMatchObject({ type: "response", data: { status: "active" } });
    await socket.next(isEvent("message.stopped"));
    expect((await newest(user, id)).status).toBe("stopped");
  });

  it("says how far its person has got, which only grows", async () => {
    const { user, id } = await talking();
    const [mine, theirs] = [
      await open(user, id),
      await open(await staffOf(clientId), id, { root: staffRoot }),
    ];
    await mine.command("message.send", { ...message("m", "Hello"), reply: false });
    expect((await theirs.command("receipt", { read_seq: 1 })).data).toMatchObject({ read_seq: 1, unread: 0 });
    expect((await theirs.command("receipt", { read_seq: 0 })).data).toMatchObject({ read_seq: 1 });
    await mine.next(isEvent("receipt.changed"));
  });

  it("answers in the persona's place for whoever of the staff holds the conversation, and for nobody else", async () => {
    const { user, id } = await talking();
    const moderator = await staffOf(clientId);
    const [mine, theirs] = [await open(user, id), await open(moderator, id, { root: staffRoot })];
    const before = await theirs.command("message.send", message("s-1", "Not yet"));
    expect(before).toMatchObject({ type: "error", data: { code: "CONFLICT" } });
    await bodyOf(await send("POST", `${staffRoot}/${id}/take`, {}, moderator.headers), 200);
    await theirs.command("message.send", message("s-2", "A person speaks"));
    const heard = await mine.next(
      (frame) => isEvent("message.created")(frame) && JSON.stringify(frame).includes("A person speaks"),
    );
    expect(heard.data).toMatchObject({ message: { role: "agent" } });
  });

  it("gives pages of the log", async () => {
    const { user, id } = await talking();
    for (const word of ["one", "two"])
      await send(
        "POST",
        `/api/v1/conversations/${id}/messages`,
        { ...message(word, word), reply: false },
        user.headers,
      );
    const socket = await open(user, id);
    const first = await socket.command("history", { since: 0, limit: 2 });
    expect(first.data).toMatchObject({ is_gap: false, latest: 3, next: 2 });
    const rest = await socket.command("history", { since: 2 });
    expect(rest.data).toMatchObject({ events: [{ event: "message.created", seq: 3 }], next: 3 });
  });
});

describe("Who is at a conversation", () => {
  it("is told to the others, and to whoever asks", async () => {
    const { user, id } = await talking();
    const mine = await open(user, id);
    const moderator = await staffOf(clientId);
    const theirs = await open(moderator, id, { root: staffRoot });
    const told = await mine.next(isEvent("presence.changed"));
    expect(told.data).toEqual({ person_id: moderator.actor.userId, state: "online" });
    const { data } = await theirs.command("presence");
    expect(data).toEqual({ people: expect.arrayContaining([user.actor.userId, moderator.actor.userId]) });
  });

  it("is said to be typing to the others, is stored nowhere, and is not heard too often", async () => {
    const { user, id } = await talking();
    const [mine, theirs] = [
      await open(user, id),
      await open(await staffOf(clientId), id, { root: staffRoot }),
    ];
    for (const typing of [true, true, false, true]) await mine.command("typing", { typing });
    await theirs.command("ping");
    const told = theirs.frames.filter(isEvent("typing.changed"));
    expect(told.map(({ data }) => data?.typing)).toEqual([true, false]);
    expect(told.map(({ seq }) => seq)).toEqual([undefined, undefined]);
    expect(mine.frames.filter(isEvent("typing.changed"))).toEqual([]);
    expect(valueOrThrow(await conversationAt({ clientId, id }).readLog(0, 100)).entries).toHaveLength(1);
  });
});

describe("A frame that nobody understands is answered with an error, and the socket stays", () => {
  it.each([
    { says: "no JSON", frame: "{", details: "Not JSON" },
    {
      says: "no command",
      frame: '{"type":"command","event":"dance","id":"1"}',
      details: "Command 'dance' not recognized",
    },
    {
      says: "a field too many",
      frame: '{"type":"command","event":"typing","id":"1","data":{"typing":true,"who":"x"}}',
      details: "who",
    },
    {
      says: "half a character",
      frame: '{"type":"command","event":"message.send","data":{"content":"\\ud800"}}',
      details: "Half a character",
    },
  ])("$says", async ({ frame, details }) => {
    const { user, id } = await talking();
    const socket = await open(user, id);
    socket.send(frame);
    const error = await socket.next(({ type }) => type === "error");
    expect(String(error.data?.details)).toContain(details);
    expect(await socket.command("ping")).toMatchObject({ event: "pong" });
  });

  it("bytes", async () => {
    const { user, id } = await talking();
    const socket = await open(user, id);
    socket.socket.send(new Uint8Array([1, 2, 3]));
    expect((await socket.next(({ type }) => type === "error")).data).toMatchObject({
      details: "Send text, not bytes",
    });
  });

  it("fields of a message that are the platform's to say", async () => {
    const { user, id } = await talking();
    const socket = await open(user, id);
    for (const field of ["role", "sender_id", "created_at", "seq"]) {
      const refused = await socket.command("message.send", { ...message("m", "Hi"), [field]: "x" });
      expect(refused).toMatchObject({ type: "error", data: { code: "VALIDATION_ERROR" } });
    }
    expect((await messagesOf(user, id)).messages).toEqual([]);
  });
});
