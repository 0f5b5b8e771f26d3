import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { countEntries, notCounted } from "#src/conversations/index.ts";
import type { LogEntry } from "#src/objects/conversation-api.ts";
import { send } from "../../support/api.ts";
import { answer, begin, said, tellLists, withPersona } from "../../support/chats.ts";

const conversation = { id: "c", ownerId: "ann", ownerKind: "user" as const, instanceId: "p" };

const entries = (...all: [event: string, at: number, data?: Record<string, unknown>][]): LogEntry[] =>
  all.map(([event, at, data = {}], index) => ({ seq: index + 1, event, at, data }));

const message = (role: string) => ({ message: { role } });

const wholeStory = entries(
  ["conversation.created", 0],
  ["message.created", 10, message("user")],
  ["message.created", 11, message("assistant")],
  ["message.completed", 510],
  ["turn.ended", 511, { status: "done", first_delta_ms: 120 }],
  ["message.updated", 600, { message: { id: "m2", feedback: { rating: "down" } } }],
  ["holder.changed", 1000, { holder: "queue" }],
  ["message.created", 1000, message("system")],
  ["holder.changed", 3000, { holder: "user:bob" }],
  ["message.created", 4000, message("agent")],
  ["message.updated", 4100, { message: { id: "m2", feedback: { rating: "down" } } }],
  ["conversation.ended", 9000, { status: "ended" }],
  ["conversation.updated", 9100, { satisfaction: { score: 4 } }],
  ["conversation.updated", 10_000, { status: "active" }],
  ["conversation.ended", 10_500, { status: "ended" }],
);

it("A conversation's log says what counts: how many, how long, and whose doing it is", () => {
  const { events, counted } = countEntries(conversation, notCounted, wholeStory);
  expect(events.map(({ metric, at, value, person }) => [metric, at, value, person])).toEqual([
    ["conversations.started", 0, 1, "ann"],
    ["messages.sent", 10, 1, "ann"],
    ["messages.sent", 11, 1, null],
    ["answers.first_of_persona", 510, 500, null],
    ["turns.ended", 511, 1, null],
    ["turns.first_delta", 511, 120, null],
    ["feedback.given", 600, 1, "ann"],
    ["conversations.handed_over", 1000, 1, null],
    ["conversations.taken", 3000, 1, null],
    ["conversations.time_to_take", 3000, 2000, null],
    ["messages.sent", 4000, 1, null],
    ["answers.first_of_person", 4000, 3000, null],
    ["feedback.given", 4100, 1, "ann"],
    ["conversations.ended", 9000, 1, null],
    ["conversations.time_to_end", 9000, 9000, null],
    ["satisfaction.given", 9100, 4, "ann"],
    ["conversations.ended", 10_500, 1, null],
    ["conversations.time_to_end", 10_500, 500, null],
  ]);
  expect(counted.seq).toBe(wholeStory.length);
});

it("It says the same wherever it is cut, under the same ids, and one opinion of a message has one", () => {
  const { events } = countEntries(conversation, notCounted, wholeStory);
  for (let cut = 0; cut <= wholeStory.length; cut++) {
    const first = countEntries(conversation, notCounted, wholeStory.slice(0, cut));
    const second = countEntries(conversation, first.counted, wholeStory.slice(cut));
    expect([...first.events, ...second.events]).toEqual(events);
  }
  const opinions = events.filter(({ metric }) => metric === "feedback.given");
  expect(new Set(opinions.map(({ id }) => id)).size).toBe(1);
});

it("What is said and ended in a conversation is counted once, however often its copies come", async () => {
  const clientId = "chat_counted";
  const { user, instance } = await withPersona(clientId);
  const { conversation } = await begin(user, instance.id, {});
  await said(user, conversation.id, "Tell me about tea");
  await answer(clientId, conversation.id);
  for (let times = 0; times < 3; times++) await tellLists(clientId, conversation.id);
  await send("PATCH", `/api/v1/conversations/${conversation.id}`, { status: "ended" }, user.headers);
  await tellLists(clientId, conversation.id);
  const { results } = await env.DB.prepare(
    "SELECT metric, sum(n) AS n FROM rollup_days WHERE client_id = ? AND dimension = '' GROUP BY 1 ORDER BY 1",
  )
    .bind(clientId)
    .all<{ metric: string; n: number }>();
  expect(results.filter(({ metric }) => metric !== "accounts.made")).toEqual([
    { metric: "answers.first_of_persona", n: 1 },
    { metric: "conversations.ended", n: 1 },
    { metric: "conversations.started", n: 1 },
    { metric: "conversations.time_to_end", n: 1 },
    { metric: "messages.sent", n: 2 },
    { metric: "turns.ended", n: 1 },
  ]);
  const standing = await env.DB.prepare(
    "SELECT key, count FROM row_counts WHERE name = 'conversations.status' AND key LIKE 'chat_counted/%' AND count > 0",
  ).all();
  expect(standing.results).toEqual([{ key: `${clientId}/ended`, count: 1 }]);
});
