import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import type { z } from "zod";
import { insertExport } from "#src/chat/export/export-repository.ts";
import type { exportJobSchema } from "#src/chat/export/schemas.ts";
import { database } from "#src/db/client.ts";
import type { ExportMessage } from "#src/tasks/index.ts";
import events, { type EventsEnv } from "#workers/events/index.ts";
import { send } from "./api.ts";
import { bodyOf } from "./personas.ts";
import { deadLetterQueue } from "./tasks.ts";
import type { TestUser } from "./users.ts";

type Speaker = Pick<TestUser, "headers">;
type Job = z.infer<typeof exportJobSchema>;

/** Asks for an export of conversations. */
export const exported = (user: Speaker, body: Record<string, unknown>, more: Record<string, string> = {}) =>
  send("POST", "/api/v1/admin/conversations/export", body, { ...user.headers, ...more });

/** Ids that an export is gathered for, because of so many that are not there. */
export const amongMany = (...ids: string[]): string[] => [
  ...ids,
  ...Array.from({ length: 101 - ids.length }, () => uuidv7()),
];

/** How far an export is. */
export const jobOf = async (user: Speaker, id: string): Promise<Job> =>
  bodyOf<Job>(await send("GET", `/api/v1/admin/exports/${id}`, undefined, user.headers), 200);

export const fileOf = (user: Speaker, id: string) =>
  send("GET", `/api/v1/admin/exports/${id}/file`, undefined, user.headers);

export const stepOf = (exportId: string): ExportMessage => ({ type: "export.step", export_id: exportId });

/** Delivers one message to the events Worker. */
export async function deliverStep(body: unknown, faults: Partial<EventsEnv> = {}) {
  const { letters, queue } = deadLetterQueue();
  const asked: ExportMessage[] = [];
  const collect = Object.assign(Object.create(null), {
    send: async (message: ExportMessage) => void asked.push(message),
  });
  const batch = createMessageBatch("exports", [{ id: uuidv7(), timestamp: new Date(), attempts: 1, body }]);
  await events.queue(
    batch,
    { ...env, EXPORTS_DLQ: queue, EXPORTS: collect, ...faults },
    createExecutionContext(),
  );
  const { retryMessages, explicitAcks } = await getQueueResult(batch, createExecutionContext());
  return { asked, letters, retried: retryMessages.length, acknowledged: explicitAcks.length };
}

/** Delivers an export's messages as its queue would, each as often as said and all copies at once, to the end. */
export async function gathered(exportId: string, copies = 1): Promise<number> {
  let steps = 0;
  const waiting = [stepOf(exportId)];
  for (let body = waiting.shift(); body; body = waiting.shift()) {
    const message = body;
    const results = await Promise.all(Array.from({ length: copies }, () => deliverStep(message)));
    waiting.push(...results.flatMap(({ asked }) => asked));
    steps += 1;
  }
  return steps;
}

/** What lies in R2 for exports of a tenant. */
export const partsOf = async (clientId: string): Promise<string[]> =>
  (await env.BLOBS.list({ prefix: `exports/${clientId}/` })).objects.map(({ key }) => key);

/** An export that has ended, with nothing in its file. @returns its id */
export async function gatheredExport(clientId: string, conversationId: string): Promise<string> {
  const id = uuidv7();
  const now = Date.now();
  await insertExport(database(env.DB), {
    id,
    clientId,
    status: "completed",
    format: "json",
    branch: "active",
    includeNotes: false,
    includeAttachments: false,
    conversationIds: [conversationId],
    done: 1,
    attempts: 0,
    requestKey: null,
    bodyDigest: null,
    createdAt: now,
    updatedAt: now,
    completedAt: now,
  });
  return id;
}
