import { afterAll, expect, it } from "vitest";
import { dataOf } from "#client/index.ts";
import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import { countingUpstream } from "../../support/counting-upstream.ts";
import { eventually, instanceWith, signedIn } from "../../support/outside.ts";
import { plan } from "../../support/plans.ts";
import { serverOfOnesOwn } from "../../support/server-of-ones-own.ts";

const count = 50;
/** Of each chat. */
const messages = 4;
/** So many of the 200 are acknowledged when the platform is killed. */
const killedAfter = 190;
/** For what takes seconds where nothing else is at work. */
const patienceMs = 120_000;

/** Chats whose answers are half written when the platform is killed: the provider holds them there. */
const held = new Set<string>();
const released = Promise.withResolvers<void>();
const upstream = await countingUpstream({
  latencyMs: 0,
  markerOf: (text) => /chat-\d{2}/.exec(text)?.[0] ?? "unknown",
  middle: ({ marker, life }) => {
    if (life > 0) return Promise.resolve();
    held.add(marker);
    return released.promise;
  },
});
const server = serverOfOnesOwn({ ...upstream.settings, RATE_LIMITS: "off" });
afterAll(async () => {
  await server.dispose();
  upstream.close();
});

const write = plan("write", { write: { action: "ai_text_generate" } });

const bothOf = async (baseUrl: string) => {
  const [{ api: user }, { api: admin }] = [await signedIn(baseUrl), await signedIn(baseUrl, "admin")];
  return { user, admin };
};

it("What was acknowledged is there after kill -9, each message once; every turn ends, and every conversation is answered", async () => {
  let people = await bothOf(await server.start());
  const instance = await instanceWith({ administrator: people.admin, user: people.user }, write);
  dataOf(
    await people.user.PUT("/api/v1/personas/instances/{instance_id}/chat", {
      params: { path: { instance_id: instance } },
      body: { enabled: true, audience: "tenant" },
    }),
  );
  const names = Array.from({ length: count }, (_, index) => `chat-${String(index).padStart(2, "0")}`);
  const chats = await mapConcurrent(names, 5, async (name, index) => {
    // Nobody may begin more than 30 within an hour.
    const owner = index % 2 ? ("user" as const) : ("admin" as const);
    const body = { instance_id: instance, title: name };
    const { conversation } = dataOf(await people[owner].POST("/api/v1/conversations", { body }));
    return { name, id: conversation.id, owner, acknowledged: new Set<string>() };
  });
  const say = ({ id, name, owner }: (typeof chats)[number], word: string) =>
    people[owner].POST("/api/v1/conversations/{conversation_id}/messages", {
      params: { path: { conversation_id: id } },
      body: { client_message_id: word, content: `${name} says ${word}` },
    });

  const full = Promise.withResolvers<void>();
  let acknowledged = 0;
  const saying = Promise.allSettled(
    chats.map(async (chat) => {
      dataOf(await say(chat, "m-0"));
      acknowledged++;
      chat.acknowledged.add("m-0");
      await eventually(async () => held.has(chat.name) || undefined, patienceMs);
      for (let message = 1; message < messages; message++) {
        dataOf(await say(chat, `m-${message}`));
        chat.acknowledged.add(`m-${message}`);
        if (++acknowledged === killedAfter) full.resolve();
      }
    }),
  );
  // At once after an answer, while all answers are half written, and some messages on their way.
  await full.promise;
  await server.kill();
  released.resolve();
  await saying;
  expect(held.size).toBe(count);
  await upstream.nextLife();

  const second = await server.start();
  people = await bothOf(second);
  await mapConcurrent(chats, 5, async (chat) => {
    const path = { conversation_id: chat.id };
    const page = async () =>
      dataOf(
        await people[chat.owner].GET("/api/v1/conversations/{conversation_id}/messages", {
          params: { path, query: { limit: 200, branch: "all" } },
        }),
      ).messages;
    const saying = (found: Awaited<ReturnType<typeof page>>, word: string) =>
      found.filter(({ content }) => content === `${chat.name} says ${word}`);
    const before = await page();
    for (const word of chat.acknowledged) expect(saying(before, word)).toHaveLength(1);
    // Said again under the same word it is the same message, whether or not it had been acknowledged.
    for (let message = 0; message < messages; message++) dataOf(await say(chat, `m-${message}`));
    const after = await eventually(async () => {
      const found = await page();
      const isOpen = found.some(({ status }) => status === "pending" || status === "streaming");
      const last = found.findLast(({ on_path }) => on_path);
      return !isOpen && last?.role === "assistant" ? found : undefined;
    }, patienceMs);
    for (let message = 0; message < messages; message++)
      expect(saying(after, `m-${message}`)).toHaveLength(1);
    expect(after.map(({ seq }) => seq)).toEqual(after.map((_, index) => index + 1));
    // The sandbox begins each text with a heading: one that was doubled would have two.
    for (const { role, status, content } of after)
      if (role === "assistant") expect([status, content.match(/^# /gm)?.length]).toEqual(["complete", 1]);
  });
}, 300_000);
