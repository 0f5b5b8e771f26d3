import { afterAll, expect, it } from "vitest";
import { dataOf } from "#client/index.ts";
import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import { countingUpstream } from "../support/counting-upstream.ts";
import { eventually, instanceWith, signedIn } from "../support/outside.ts";
import { plan } from "../support/plans.ts";
import { serverOfOnesOwn } from "../support/server-of-ones-own.ts";

const count = 12;
const messages = 3;
/** For what takes seconds where nothing else is at work. */
const patienceMs = 120_000;

const upstream = await countingUpstream({
  latencyMs: 200,
  markerOf: (text) => /chat-\d{2}/.exec(text)?.[0] ?? "unknown",
});
const server = serverOfOnesOwn({ ...upstream.settings, RATE_LIMITS: "off" });
afterAll(async () => {
  await server.dispose();
  upstream.close();
});

const write = plan("write", { write: { action: "ai_text_generate" } });

it("What was acknowledged is there after kill -9, each message once; every turn ends, and every conversation is answered", async () => {
  const baseUrl = await server.start();
  const { api } = await signedIn(baseUrl);
  const { api: administrator } = await signedIn(baseUrl, "admin");
  const instance = await instanceWith({ administrator, user: api }, write);
  const names = Array.from({ length: count }, (_, index) => `chat-${String(index).padStart(2, "0")}`);
  const chats = await mapConcurrent(names, 5, async (name) => {
    const body = { instance_id: instance, title: name };
    const { conversation } = dataOf(await api.POST("/api/v1/conversations", { body }));
    return { name, id: conversation.id, acknowledged: new Set<string>() };
  });
  const say = async ({ name, id }: (typeof chats)[number], word: string) => {
    const body = { client_message_id: word, content: `${name} says ${word}` };
    const params = { path: { conversation_id: id } };
    return dataOf(await api.POST("/api/v1/conversations/{conversation_id}/messages", { params, body }));
  };
  const words = Array.from({ length: messages }, (_, index) => `m-${index}`);
  const saying = Promise.allSettled(
    chats.map(async (chat) => {
      for (const word of words) {
        await say(chat, word);
        chat.acknowledged.add(word);
      }
    }),
  );
  // Some are being answered, some are not yet, some are being written.
  await eventually(async () => upstream.calls.length >= count || undefined, patienceMs);
  await server.kill();
  await saying;
  const { api: later } = await signedIn(await server.start());
  for (const chat of chats) {
    const params = { path: { conversation_id: chat.id }, query: { limit: 200, branch: "all" as const } };
    const page = async () =>
      dataOf(await later.GET("/api/v1/conversations/{conversation_id}/messages", { params }));
    const before = (await page()).messages;
    for (const word of chat.acknowledged)
      expect(before.filter(({ content }) => content === `${chat.name} says ${word}`)).toHaveLength(1);
    // Said again with the same word it is the same message, whether or not it had been acknowledged.
    const body = { client_message_id: "m-0", content: `${chat.name} says m-0` };
    dataOf(
      await later.POST("/api/v1/conversations/{conversation_id}/messages", {
        params: { path: params.path },
        body,
      }),
    );
    const after = await eventually(async () => {
      const found = (await page()).messages;
      const isOpen = found.some(({ status }) => status === "pending" || status === "streaming");
      const last = found.findLast(({ on_path }) => on_path);
      return !isOpen && last?.role === "assistant" ? found : undefined;
    }, patienceMs);
    expect(after.filter(({ content }) => content === `${chat.name} says m-0`)).toHaveLength(1);
    expect(after.map(({ seq }) => seq)).toEqual(after.map((_, index) => index + 1));
    // The sandbox begins each text with a heading: one that was doubled would have two.
    for (const { role, status, content } of after)
      if (role === "assistant") expect([status, content.match(/^# /gm)?.length]).toEqual(["complete", 1]);
  }
}, 300_000);
