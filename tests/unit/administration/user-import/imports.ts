import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import type { ImportJobReport } from "#src/administration/user-import/schemas.ts";
import { type Letter, readMailbox } from "#src/mail/development-mailbox.ts";
import type { UserImportMessage } from "#src/tasks/user-import-message.ts";
import { call } from "#tests/support/api.ts";
import { bodyOf } from "#tests/support/personas.ts";
import { deadLetterQueue } from "#tests/support/tasks.ts";
import { createClient, type TestUser } from "#tests/support/users.ts";
import events, { type EventsEnv } from "#workers/events/index.ts";
import { operator, path } from "../accounts.ts";

/** Uploads a file as a form would. */
export async function upload(
  file: string | Uint8Array,
  clientId: string,
  user?: Pick<TestUser, "headers">,
): Promise<Response> {
  const form = new FormData();
  form.set("file", new File([file], "users.csv", { type: "text/csv" }));
  form.set("client_id", clientId);
  const { headers } = user ?? (await operator());
  return call(`${path}/import`, { method: "POST", headers, body: form });
}

/** Uploads a file for a new tenant that becomes a job, and gives the job's first report. */
export async function startedJob(clientId: string, file: string): Promise<ImportJobReport> {
  await createClient(clientId);
  return bodyOf<ImportJobReport>(await upload(file, clientId), 202);
}

/** A file of accounts without passwords, enough of them for a job unless said otherwise. */
export const fileOf = (name: string, count = 101): string =>
  ["email", ...Array.from({ length: count }, (_, index) => `${index}@${name}.example`)].join("\n");

export const reportOf = async (jobId: string): Promise<ImportJobReport> =>
  bodyOf<ImportJobReport>(
    await call(`${path}/import/${jobId}`, { headers: (await operator()).headers }),
    200,
  );

/** The queue of imports; it keeps what is put on it. */
export const collecting = (bodies: UserImportMessage[]) => {
  const send = async (body: UserImportMessage) => void bodies.push(body);
  return Object.assign(Object.create(null), { send });
};

/** Delivers one message to the events Worker. */
export async function deliverStep(body: unknown, faults: Partial<EventsEnv> = {}, name = "user-imports") {
  const { letters, queue } = deadLetterQueue();
  const asked: UserImportMessage[] = [];
  const message = { id: uuidv7(), timestamp: new Date(), attempts: 1, body };
  const batch = createMessageBatch(name, [message]);
  const bindings = {
    ...env,
    PLATFORM_EVENTS_DLQ: queue,
    USER_IMPORTS_DLQ: queue,
    USER_IMPORTS: collecting(asked),
    ...faults,
  };
  await events.queue(batch, bindings, createExecutionContext());
  const { retryMessages, explicitAcks } = await getQueueResult(batch, createExecutionContext());
  return { id: message.id, asked, letters, retried: retryMessages.length, acknowledged: explicitAcks.length };
}

export const stepOf = (jobId: string): UserImportMessage => ({ type: "user_import.step", job_id: jobId });

/** Delivers a job's messages as its queue would, each as often as said and all copies at once, to the end. */
export async function drive(jobId: string, copies = 1): Promise<ImportJobReport> {
  const waiting = [stepOf(jobId)];
  for (let message = waiting.shift(); message; message = waiting.shift()) {
    const body = message;
    const results = await Promise.all(Array.from({ length: copies }, () => deliverStep(body)));
    waiting.push(...results.flatMap(({ asked }) => asked));
  }
  return reportOf(jobId);
}

/** What was mailed to an address. */
export const lettersTo = async (address: string): Promise<Letter[]> =>
  (await readMailbox(env.CACHE)).filter(({ to }) => to === address);

/** How many accounts of a tenant there are, by what belongs to each. */
export const counted = (clientId: string) =>
  env.DB.prepare(
    `SELECT count(*) AS users, count(user_profiles.user_id) AS profiles, count(subscriptions.id) AS subscriptions,
       (SELECT count(*) FROM audit_log WHERE client_id = ?1 AND action = 'user.imported') AS audit
     FROM users LEFT JOIN user_profiles ON user_profiles.user_id = users.id
       LEFT JOIN subscriptions ON subscriptions.user_id = users.id
     WHERE client_id = ?1`,
  )
    .bind(clientId)
    .first();

export const allOf = (count: number) => ({
  users: count,
  profiles: count,
  subscriptions: count,
  audit: count,
});
