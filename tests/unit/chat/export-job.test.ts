import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { strFromU8, unzipSync } from "fflate";
import { beforeAll, expect, it } from "vitest";
import { maxExportAttempts } from "#src/chat/export/continue-export.ts";
import { exportLivesMs, maxExportsOfTenant } from "#src/chat/export/export-repository.ts";
import { exportedConversationsSchema } from "#src/chat/export/schemas.ts";
import { stepLostAfterMs, sweepExports } from "#src/chat/export/sweep-exports.ts";
import { database } from "#src/db/client.ts";
import { send } from "../../support/api.ts";
import { upload } from "../../support/attachments.ts";
import { begin, said, tellLists, withPersona } from "../../support/chats.ts";
import { objectAt } from "../../support/conversations.ts";
import {
  amongMany,
  deliverStep,
  exported,
  fileOf,
  gathered,
  jobOf,
  partsOf,
  stepOf,
} from "../../support/exports.ts";
import { bodyOf } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const clientId = "chat_export_job";
let staff: TestUser;

beforeAll(async () => {
  staff = await createUser(clientId, { role: "moderator" });
});

async function conversing(tenant: string, content: string) {
  const { user, instance } = await withPersona(tenant);
  const { conversation } = await begin(user, instance.id);
  await said(user, conversation.id, content, { reply: false });
  return { user, id: conversation.id };
}

/** Begins an export that is gathered. */
async function begun(user: TestUser, body: Record<string, unknown>, more?: Record<string, string>) {
  const answer = await exported(user, { format: "json", ...body }, more);
  const job = await bodyOf<{ id: string; url: string | null; progress: number }>(answer, 202);
  expect(answer.headers.get("location")).toBe(`/api/v1/admin/exports/${job.id}`);
  return job;
}

/** The cron job, at a time. */
const swept = async (now: number) => {
  const asked: string[] = [];
  const send = async ({ export_id }: { export_id: string }) => void asked.push(export_id);
  const queues = { of: () => ({ send }) };
  await sweepExports({ db: database(env.DB), blobs: env.BLOBS, queues }, now);
  return asked;
};

it("More than a hundred conversations are gathered first, and their file has the same in it for a day", async () => {
  const { id } = await conversing(clientId, "Tea?");
  const others = await conversing("chat_export_job_others", "CANARY");
  const ids = amongMany(id, others.id);
  const job = await begun(staff, { conversation_ids: ids });
  expect(job).toMatchObject({ status: "running", progress: 0, url: null, conversations: 101 });
  const early = await fileOf(staff, job.id);
  expect(JSON.stringify(await bodyOf(early, 409))).toContain("The export is not ready yet");
  await deliverStep(stepOf(job.id));
  expect((await jobOf(staff, job.id)).progress).toBeCloseTo(10 / 101);
  expect(await gathered(job.id)).toBe(10);
  expect(await jobOf(staff, job.id)).toMatchObject({
    status: "completed",
    progress: 1,
    url: `/api/v1/admin/exports/${job.id}/file`,
  });
  const answer = await fileOf(staff, job.id);
  expect(answer.headers.get("content-disposition")).toBe('attachment; filename="conversations.json"');
  const { conversations, ...rest } = exportedConversationsSchema.parse(await bodyOf(answer, 200));
  expect(conversations).toMatchObject([{ id, messages: [{ content: "Tea?" }] }]);
  expect(rest).toEqual({ count: 1, missing: ids.slice(1), complete: true });
});

it("Nobody but the staff of its tenant sees an export or its file", async () => {
  const { user, id } = await conversing(clientId, "Tea?");
  const job = await begun(staff, { conversation_ids: amongMany(id) });
  await gathered(job.id);
  const elsewhere = await createUser("chat_export_job_others", { role: "moderator" });
  for (const [who, status] of [
    [elsewhere, 404],
    [user, 403],
  ] as const)
    for (const path of ["", "/file"]) {
      const answer = await send("GET", `/api/v1/admin/exports/${job.id}${path}`, undefined, who.headers);
      expect(answer.status).toBe(status);
    }
});

it("Steps that come twice, or at once, leave one file", async () => {
  const { id } = await conversing(clientId, "Once?");
  const job = await begun(staff, { conversation_ids: amongMany(id), format: "ndjson" });
  expect(await gathered(job.id, 3)).toBe(11);
  const text = await (await fileOf(staff, job.id)).text();
  expect(text.match(/Once\?/g)).toHaveLength(1);
});

it("The same call again is given the export that it has begun; its key stands for no other", async () => {
  const tenant = "chat_export_job_keys";
  const user = await createUser(tenant, { role: "moderator" });
  const body = { conversation_ids: amongMany() };
  const key = { "idempotency-key": "export-1" };
  const first = await begun(user, body, key);
  expect((await begun(user, body, key)).id).toBe(first.id);
  const other = await exported(user, { ...body, format: "csv" }, key);
  expect(other.status).toBe(409);
  expect((await begun(user, body)).id).not.toBe(first.id);
});

it("A tenant has so many at once and no more", async () => {
  const user = await createUser("chat_export_job_bound", { role: "moderator" });
  const body = { conversation_ids: amongMany(), format: "json" };
  const answers = await Promise.all(
    Array.from({ length: maxExportsOfTenant + 2 }, async () => (await exported(user, body)).status),
  );
  expect(answers.filter((status) => status === 429)).toHaveLength(2);
  const { results } = await env.DB.prepare(
    "SELECT 1 FROM audit_log WHERE client_id = ? AND action = 'conversations.exported'",
  )
    .bind("chat_export_job_bound")
    .all();
  expect(results).toHaveLength(maxExportsOfTenant);
});

it("What is erased after it was gathered is in the file no more, nor anywhere else", async () => {
  const tenant = "chat_export_job_erased";
  const user = await createUser(tenant, { role: "moderator" });
  const gone = await conversing(tenant, "CANARY");
  const stays = await conversing(tenant, "Tea?");
  const job = await begun(user, {
    conversation_ids: amongMany(gone.id, stays.id),
    include_attachments: true,
  });
  await gathered(job.id);
  expect(await partsOf(tenant)).toHaveLength(4);
  await send("DELETE", `/api/v1/conversations/${gone.id}`, undefined, gone.user.headers);
  await expect
    .poll(async () => {
      await runDurableObjectAlarm(objectAt({ clientId: tenant, id: gone.id }));
      return (await partsOf(tenant)).filter((key) => key.includes(gone.id));
    })
    .toEqual([]);
  const files = unzipSync(new Uint8Array(await (await fileOf(user, job.id)).arrayBuffer()));
  const json = strFromU8(files["conversations.json"] ?? new Uint8Array());
  expect(json).toContain("Tea?");
  expect(json).not.toContain("CANARY");
  expect(exportedConversationsSchema.parse(JSON.parse(json)).missing).toContain(gone.id);
  // A late step writes nothing of it.
  await env.DB.prepare("UPDATE conversation_exports SET status = 'running', done = 0 WHERE id = ?")
    .bind(job.id)
    .run();
  await deliverStep(stepOf(job.id));
  expect((await partsOf(tenant)).filter((key) => key.includes(gone.id))).toEqual([]);
});

it("A step that was lost is asked for again; a day after its end nothing is left of an export", async () => {
  const tenant = "chat_export_job_swept";
  const user = await createUser(tenant, { role: "moderator" });
  const { id } = await conversing(tenant, "Tea?");
  const job = await begun(user, { conversation_ids: amongMany(id) });
  expect(await swept(Date.now())).not.toContain(job.id);
  // As long untouched as nobody else's.
  await env.DB.prepare("UPDATE conversation_exports SET updated_at = updated_at - ? WHERE id = ?")
    .bind(stepLostAfterMs + 1000, job.id)
    .run();
  expect(await swept(Date.now())).toContain(job.id);
  await gathered(job.id);
  expect(await partsOf(tenant)).toHaveLength(1);
  await swept(Date.now() + exportLivesMs - 60_000);
  expect((await fileOf(user, job.id)).status).toBe(200);
  await swept(Date.now() + exportLivesMs + 1000);
  expect(await partsOf(tenant)).toEqual([]);
  expect((await fileOf(user, job.id)).status).toBe(404);
});

it("A step that fails is repeated, and an export that comes no further is given up", async () => {
  const user = await createUser("chat_export_job_failing", { role: "moderator" });
  const { id } = await conversing("chat_export_job_failing", "Tea?");
  const job = await begun(user, { conversation_ids: amongMany(id) });
  const BLOBS: R2Bucket = Object.assign(Object.create(env.BLOBS), {
    put: async () => Promise.reject(new Error("R2 is away")),
  });
  for (let attempt = 1; attempt <= maxExportAttempts; attempt++)
    expect((await deliverStep(stepOf(job.id), { BLOBS })).retried).toBe(1);
  expect((await deliverStep(stepOf(job.id))).acknowledged).toBe(1);
  expect(await jobOf(user, job.id)).toMatchObject({ status: "failed", url: null });
  expect((await fileOf(user, job.id)).status).toBe(409);
});

it("A message that cannot be read goes where such messages go", async () => {
  const { letters, acknowledged } = await deliverStep({ type: "nonsense" });
  expect([letters, acknowledged]).toMatchObject([[{ queue: "exports", body: { type: "nonsense" } }], 1]);
});

it("An archive has what came with the messages, and in Markdown a file for each conversation", async () => {
  const { user, id } = await conversing(clientId, "See this");
  const other = await conversing(clientId, "Nothing came");
  const file = await bodyOf<{ id: string; name: string }>(
    await upload(user, id, "The recipe", '../a:b"?.txt'),
    201,
  );
  await said(user, id, "Here", { attachments: [file.id], reply: false });
  await tellLists(clientId, id);
  const conversation_ids = [id, other.id];
  const attached = `attachments/${id}/${file.id}-a_b__.txt`;
  const read = async (answer: Response) => {
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="conversations.zip"');
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
    return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]));
  };
  const markdown = await read(
    await exported(staff, { conversation_ids, format: "markdown", include_attachments: true }),
  );
  expect(markdown).toEqual({
    [`${id}.md`]: expect.stringContaining("> See this"),
    [`${other.id}.md`]: expect.stringContaining("> Nothing came"),
    [attached]: "The recipe",
  });
  const csv = await read(
    await exported(staff, { conversation_ids, format: "csv", include_attachments: true }),
  );
  expect(Object.keys(csv)).toEqual(["conversations.csv", attached]);
  const job = await begun(staff, {
    conversation_ids: amongMany(...conversation_ids),
    format: "markdown",
    include_attachments: true,
  });
  await gathered(job.id);
  expect(await read(await fileOf(staff, job.id))).toMatchObject(markdown);
});

it("Notes of the staff are in an export where they are asked for, and else are not", async () => {
  const { id } = await conversing(clientId, "Tea?");
  const note = { client_message_id: "n", content: "NOTED", visibility: "internal" };
  await bodyOf(await send("POST", `/api/v1/admin/conversations/${id}/messages`, note, staff.headers), 201);
  const plain = { conversationIds: [id], format: "json" };
  expect(await (await exported(staff, plain)).text()).not.toContain("NOTED");
  const { conversations } = exportedConversationsSchema.parse(
    await bodyOf(await exported(staff, { ...plain, include_notes: true }), 200),
  );
  expect(conversations).toMatchObject([{ notes: [{ role: "note", content: "NOTED" }] }]);
});
