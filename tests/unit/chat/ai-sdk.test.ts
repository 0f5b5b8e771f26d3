import { DefaultChatTransport, readUIMessageStream, type UIMessage, type UIMessageChunk } from "ai";
import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { call, send } from "../../support/api.ts";
import { answer, begin, messagesOf, newest, said, withPersona } from "../../support/chats.ts";
import { closing, conversationAt } from "../../support/conversations.ts";
import { present } from "../../support/personas.ts";
import type { TestUser } from "../../support/users.ts";

const clientId = "chat_ai_sdk";

/** The AI SDK's own transport, as `useChat` has it. */
const transportOf = (user: TestUser) =>
  new DefaultChatTransport<UIMessage>({
    api: "https://personas.example/api/v1/chat",
    headers: user.headers,
    fetch: async (input, init) => call(new URL(new Request(input).url).pathname, init),
  });

const asked = (text: string, id = "m-1"): UIMessage => ({
  id,
  role: "user",
  parts: [{ type: "text", text }],
});

async function talking() {
  const { user, instance } = await withPersona(clientId);
  const { conversation } = await begin(user, instance.id);
  return { user, id: conversation.id, transport: transportOf(user) };
}

const ask = (transport: ReturnType<typeof transportOf>, chatId: string, ...messages: UIMessage[]) =>
  transport.sendMessages({
    chatId,
    messages,
    trigger: "submit-message",
    messageId: undefined,
    abortSignal: undefined,
  });

/** What the SDK makes of a stream. */
async function readAll(stream: ReadableStream<UIMessageChunk>): Promise<UIMessage> {
  let message: UIMessage | undefined;
  for await (const update of readUIMessageStream({ stream, terminateOnError: true })) message = update;
  return present(message);
}

const textOf = ({ parts }: UIMessage) =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("");

describe("The AI SDK", () => {
  it("writes a message and reads its answer: the text and the id are those that are stored", async () => {
    const { user, id, transport } = await talking();
    const stream = await ask(transport, id, asked("Something older", "m-0"), asked("Tell me about tea"));
    const reading = readAll(stream);
    await answer(clientId, id);
    const message = await reading;
    const stored = await newest(user, id);
    expect([message.id, textOf(message), message.role]).toEqual([stored.id, stored.content, "assistant"]);
    // History is the server's: of what was posted only the last message was taken.
    expect((await messagesOf(user, id)).messages.map(({ content }) => content)).toEqual([
      "Tell me about tea",
      stored.content,
    ]);
  });

  it("is told that somebody answers before there is a word of it", async () => {
    const { user, id, transport } = await talking();
    const reader = (await ask(transport, id, asked("Tell me about tea"))).getReader();
    const { value } = await reader.read();
    const { id: messageId, status } = await newest(user, id);
    expect([value, status]).toEqual([{ type: "start", messageId }, "pending"]);
    await reader.cancel();
  });

  it("sends a message again, and reads the same answer", async () => {
    const { user, id, transport } = await talking();
    const first = readAll(await ask(transport, id, asked("Tea?")));
    await answer(clientId, id);
    const again = await readAll(await ask(transport, id, asked("Tea?")));
    expect(again).toEqual(await first);
    expect((await messagesOf(user, id)).messages).toHaveLength(2);
  });

  it("comes back in the middle of an answer, and has all of it", async () => {
    const { user, id, transport } = await talking();
    await said(user, id, "Tea?");
    const object = conversationAt({ clientId, id });
    const { id: turnId, epoch } = present(valueOrThrow(await object.listTurns(1))[0]);
    await object.beginAttempt({ turnId, epoch });
    await object.writeDelta({ turnId, epoch, attempt: 1, offset: 0, text: "Green " });
    const stream = present(await transport.reconnectToStream({ chatId: id }));
    const reading = readAll(stream);
    await object.closeTurn(closing({ turnId, epoch }, "Green tea"));
    expect(textOf(await reading)).toBe("Green tea");
  });

  it("hears that nothing is being written", async () => {
    const { id, transport } = await talking();
    expect(await transport.reconnectToStream({ chatId: id })).toBeNull();
  });

  it("has an answer written anew, beside the old one", async () => {
    const { user, id, transport } = await talking();
    const first = readAll(await ask(transport, id, asked("Tea?")));
    await answer(clientId, id);
    const { id: messageId } = await first;
    const stream = await transport.sendMessages({
      chatId: id,
      messages: [asked("Tea?")],
      trigger: "regenerate-message",
      messageId,
      abortSignal: undefined,
    });
    const reading = readAll(stream);
    await answer(clientId, id);
    const second = await reading;
    expect(second.id).not.toBe(messageId);
    expect((await newest(user, id)).id).toBe(second.id);
  });

  it("hears of an answer that was stopped", async () => {
    const { user, id, transport } = await talking();
    const stream = await ask(transport, id, asked("Tea?"));
    await send("POST", `/api/v1/conversations/${id}/stop`, undefined, user.headers);
    const types: string[] = [];
    for await (const { type } of stream) types.push(type);
    expect(types.at(-1)).toBe("abort");
  });

  it("has its own headers and its last word", async () => {
    const { user, id } = await talking();
    const posted = { id, messages: [asked("Tea?")], trigger: "submit-message" };
    const response = await send("POST", "/api/v1/chat", posted, user.headers);
    expect(response.headers.get("x-vercel-ai-ui-message-stream")).toBe("v1");
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    await answer(clientId, id);
    expect((await response.text()).endsWith("data: [DONE]\n\n")).toBe(true);
  });

  it.each([
    { says: "a picture", message: { id: "m", role: "user", parts: [{ type: "file", url: "data:," }] } },
    { says: "nothing", message: { id: "m", role: "user", parts: [] } },
    {
      says: "words of the persona's",
      message: { id: "m", role: "assistant", parts: [{ type: "text", text: "Hi" }] },
    },
  ])("is refused where the last message says $says", async ({ message }) => {
    const { user, id } = await talking();
    expect((await send("POST", "/api/v1/chat", { id, messages: [message] }, user.headers)).status).toBe(400);
    expect((await messagesOf(user, id)).messages).toEqual([]);
  });

  it("finds nobody else's conversation", async () => {
    const { id } = await talking();
    const { user: other } = await withPersona(clientId);
    expect((await send("POST", "/api/v1/chat", { id, messages: [asked("Hi")] }, other.headers)).status).toBe(
      404,
    );
    expect((await call(`/api/v1/chat/${id}/stream`, { headers: other.headers })).status).toBe(404);
  });
});
