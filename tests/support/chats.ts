import {
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { ConversationLog } from "#durable-objects/conversation/conversation-log.ts";
import { ConversationState } from "#durable-objects/conversation/conversation-state.ts";
import { Counting } from "#durable-objects/conversation/counting.ts";
import { listCopy } from "#durable-objects/conversation/list-copy.ts";
import { Marks } from "#durable-objects/conversation/marks.ts";
import { MessageStore } from "#durable-objects/conversation/message-store.ts";
import { Origins } from "#durable-objects/conversation/origins.ts";
import { Participants } from "#durable-objects/conversation/participants.ts";
import type { conversationListSchema } from "#src/chat/listed-schemas.ts";
import type { messageListSchema, sentMessageSchema, startedConversationSchema } from "#src/chat/schemas.ts";
import events from "#workers/events/index.ts";
import { call, send } from "./api.ts";
import { conversationAt, objectAt } from "./conversations.ts";
import { tenantObjectOfRun } from "./objects.ts";
import { bodyOf, makeInstance, present } from "./personas.ts";
import { deadLetterQueue, deliver, type sandboxBinding } from "./tasks.ts";
import { createUserWithSession, type TestUser } from "./users.ts";

const root = "/api/v1/conversations";

/** Whoever talks: a user, or a visitor. */
export type Speaker = Pick<TestUser, "headers">;

/** A user of a tenant with a persona of their own. */
export async function withPersona(clientId: string, config?: Record<string, unknown>) {
  const user = await createUserWithSession(clientId);
  return { user, instance: await makeInstance(user, { model: "claude-haiku-5-5", ...config }) };
}

export const begin = async (
  user: Speaker,
  instanceId: string,
  more: { message?: string; title?: string; project_id?: string } = {},
): Promise<z.infer<typeof startedConversationSchema>> =>
  bodyOf(await send("POST", root, { instance_id: instanceId, ...more }, user.headers), 201);

export const say = (user: Speaker, id: string, content: string, more: Record<string, unknown> = {}) =>
  send(
    "POST",
    `${root}/${id}/messages`,
    { client_message_id: crypto.randomUUID(), content, ...more },
    user.headers,
  );

export const said = async (...of: Parameters<typeof say>): Promise<z.infer<typeof sentMessageSchema>> =>
  bodyOf(await say(...of), 201);

export const messagesOf = async (
  user: Speaker,
  id: string,
  query = "",
): Promise<z.infer<typeof messageListSchema>> =>
  bodyOf(await call(`${root}/${id}/messages${query}`, { headers: user.headers }), 200);

export const conversationsOf = async (
  user: Speaker,
  query = "",
): Promise<z.infer<typeof conversationListSchema>> =>
  bodyOf(await call(`${root}${query}`, { headers: user.headers }), 200);

/** The run of the newest turn, when it has begun. */
export async function runOf(clientId: string, id: string): Promise<string> {
  const conversation = conversationAt({ clientId, id });
  for (;;) {
    const turns = await conversation.listTurns(1);
    const runId = turns.ok ? turns.value[0]?.runId : undefined;
    if (runId) return runId;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Has a task of the newest turn carried out by a Worker and the sandbox, as its queue would. */
export async function work(
  clientId: string,
  id: string,
  { key, worker = "agents", asked, settings }: TurnWork,
) {
  const run = await runOf(clientId, id);
  const message = {
    topic: "system.agent.chat.process",
    task_id: `${run}.answer.${key}`,
    correlation_id: run,
    causation_id: "c",
    request_id: "r",
    client_id: clientId,
    user_id: "u",
    priority: "normal",
    fuel_reserved: 1,
    attempt: 1,
    deadline: Date.now() + 60_000,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  };
  await deliver(worker, [message], asked, settings);
  const view = await tenantObjectOfRun(clientId, run).getRun(run, "tenant");
  return { run, view: view.ok ? view.value : undefined };
}

interface TurnWork {
  /** Which of the turn's tasks: `main` of one without tools, else `m0`, `t0.0`, … */
  key: string;
  worker?: "agents" | "adapters";
  asked?: Pick<ReturnType<typeof sandboxBinding>, "calls" | "fetcher"> | undefined;
  settings?: Record<string, string> | undefined;
}

/** Has the newest turn, one without tools, answered by the agents Worker and the sandbox. */
export const answer = (
  clientId: string,
  id: string,
  asked?: ReturnType<typeof sandboxBinding>,
  settings?: Record<string, string>,
) => work(clientId, id, { key: "main", asked, settings });

/** Publishes a persona. */
export const publish = (user: TestUser, instanceId: string, chat: Record<string, unknown>) =>
  send("PUT", `/api/v1/personas/instances/${instanceId}/chat`, { enabled: true, ...chat }, user.headers);

/** A conversation as its lists are to be told of it. */
export const copyOf = (clientId: string, id: string) =>
  runInDurableObject(objectAt({ clientId, id }), (_, { storage }) => {
    const state = new ConversationState(storage);
    const messages = new MessageStore(storage.sql, state);
    const log = new ConversationLog(storage.sql);
    const participants = new Participants(storage.sql, state, log);
    const counts = new Counting({ state, log, origins: new Origins(storage.sql) }).next;
    return { ...listCopy({ state, messages, participants, marks: new Marks(storage.sql) }), counts };
  });

/** Has the lists told how a conversation is, as the events Worker does it. */
export async function tellLists(clientId: string, id: string): Promise<void> {
  const copy = await copyOf(clientId, id);
  const batch = createMessageBatch("platform-events", [
    { id: uuidv7(), timestamp: new Date(), attempts: 1, body: copy },
  ]);
  const ctx = createExecutionContext();
  const letters = deadLetterQueue().queue;
  await events.queue(batch, { ...env, PLATFORM_EVENTS_DLQ: letters, USER_IMPORTS_DLQ: letters }, ctx);
  const result = await getQueueResult(batch, ctx);
  if (result.explicitAcks.length !== 1) throw new Error("The copy was not taken");
}

/** The newest message of a conversation. */
export const newest = async (user: Speaker, id: string) =>
  present((await messagesOf(user, id)).messages.at(-1));
