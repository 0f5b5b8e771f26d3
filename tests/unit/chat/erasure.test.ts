import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { send } from "../../support/api.ts";
import { uploaded } from "../../support/attachments.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { begin, publish, runOf, said, tellLists, withPersona, work } from "../../support/chats.ts";
import { closing, conversationAt, objectAt } from "../../support/conversations.ts";
import { tenantObject } from "../../support/objects.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { plan, startRequest, usage } from "../../support/plans.ts";
import { claimTask, completeTask } from "../../support/task-reports.ts";
import type { TestUser } from "../../support/users.ts";

const clientId = "chat_erasure";
const canary = "CANARYERASED";

/** The tables of an object that have the word in them. */
async function tablesWith(word: string, object: DurableObjectStub): Promise<string[]> {
  return runInDurableObject(object, (_, { storage: { sql } }) =>
    sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*'")
      .toArray()
      .map(({ name }) => name)
      .filter((name) => JSON.stringify(sql.exec(`SELECT * FROM "${name}"`).toArray()).includes(word)),
  );
}

/** The tables of the platform's database that have the word in them. */
async function rowsWith(word: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*'",
  ).all<{ name: string }>();
  const found: string[] = [];
  for (const { name } of results) {
    const rows = await env.DB.prepare(`SELECT * FROM "${name}"`).all();
    if (JSON.stringify(rows.results).includes(word)) found.push(name);
  }
  return found;
}

/** What of the tenant's lies in R2 and has the word in it, or in what is noted with it. */
async function blobsWith(word: string): Promise<string[]> {
  const found: string[] = [];
  for (const kind of ["attachments", "images", "payloads", "runs"]) {
    const { objects } = await env.BLOBS.list({ prefix: `${kind}/${clientId}/` });
    for (const { key } of objects) {
      const blob = present(await env.BLOBS.get(key));
      const noted = decodeURIComponent(JSON.stringify(blob.customMetadata ?? {}));
      if (`${noted} ${await blob.text()}`.includes(word)) found.push(kind);
    }
  }
  return found;
}

/** Where the word still is. */
async function placesOf(id: string): Promise<string[]> {
  const objects = {
    conversation: objectAt({ clientId, id }),
    search: env.CONVERSATION_SEARCH.getByName(clientId),
    tenant: env.TENANT_WORKFLOWS.getByName(clientId),
    persons: env.TENANT_PERSONALISATION.getByName(clientId),
  };
  const held = await Promise.all(
    Object.entries(objects).map(async ([name, object]) =>
      (await tablesWith(canary, object)).map((table) => `${name}: ${table}`),
    ),
  );
  return [...held.flat(), ...(await rowsWith(canary)), ...(await blobsWith(canary))];
}

const erase = async (user: TestUser, id: string) =>
  expect((await send("DELETE", `/api/v1/conversations/${id}`, undefined, user.headers)).status).toBe(204);

/** A person who talks with a persona that has tools. */
async function talking(more: Record<string, unknown> = {}) {
  const { user, instance } = await withPersona(clientId, { memory_config: { enabled: true }, ...more });
  await bodyOf(await publish(user, instance.id, { tools: ["remember", "search_memory"] }), 200);
  return { user, instance };
}

/** Has the newest turn answered with one round of tools that are done on the spot. */
async function answeredWithTools(id: string) {
  await work(clientId, id, { key: "m0" });
  await expect.poll(async () => (await work(clientId, id, { key: "m1" })).view?.status).toBe("completed");
}

beforeEach(closeBreakers);

it("What is erased is gone everywhere, and stays so when late copies come", async () => {
  const { user, instance } = await talking();
  const { conversation } = await begin(user, instance.id, { title: canary });
  const { id } = conversation;
  const path = `/api/v1/conversations/${id}`;
  await send("PATCH", path, { metadata: { about: canary } }, user.headers);
  const file = await uploaded(user, id, `About ${canary}`, `${canary}.txt`);
  const asking = `About ${canary}: call \`remember\``;
  await said(user, id, asking, { attachments: [file.id] });
  await answeredWithTools(id);
  await tellLists(clientId, id);
  const before = [
    ...["conversation: messages", "search: messages", "tenant: memories", "tenant: runs"],
    ...["conversations", "attachments"],
  ];
  await expect.poll(() => placesOf(id)).toEqual(expect.arrayContaining(before));
  const { turn, message } = await said(user, id, `And then ${canary}? call \`remember\``);
  const run = await runOf(clientId, id);
  const task = `${run}.answer.m0`;
  const tenant = tenantObject(clientId);
  valueOrThrow(await claimTask(tenant, task, 1));
  await erase(user, id);
  await tellLists(clientId, id);
  await expect.poll(() => placesOf(id)).toEqual([]);

  // What was under way: what a task of its run gives, the answer, a copy for the lists, one for the search, and what was read in a file.
  await completeTask(tenant, task, 1, { output: { text: canary }, usage });
  const object = conversationAt({ clientId, id });
  await object.closeTurn(closing({ turnId: present(turn).id, epoch: 1 }, canary));
  await tellLists(clientId, id);
  await object.documentRead(file.id, { pages: 1, textBytes: 6, beginning: canary });
  const copy = { messageId: message.id, seq: 9, role: "user" as const, text: canary, at: 1, revision: 1 };
  await env.CONVERSATION_SEARCH.getByName(clientId).put({
    conversationId: id,
    ownerId: user.actor.userId,
    copies: [copy],
  });
  expect(await placesOf(id)).toEqual([]);
  expect(await object.view()).toMatchObject({ ok: false, code: "NOT_FOUND" });
  expect(await tenant.getRun(run, "tenant")).toMatchObject({ ok: false, code: "NOT_FOUND" });
});

it("Runs of an erased conversation are gone from the archive as well; those of others stay", async () => {
  const { user, instance } = await talking();
  const ask = async () => {
    const message = `Tell me about ${canary}: call \`remember\``;
    const { conversation } = await begin(user, instance.id, { message });
    await answeredWithTools(conversation.id);
    return { id: conversation.id, run: await runOf(clientId, conversation.id) };
  };
  const [erased, kept] = [await ask(), await ask()];
  const stub = env.TENANT_WORKFLOWS.getByName(clientId);
  await runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec("UPDATE runs SET ended_at = 1 WHERE ended_at IS NOT NULL");
  });
  const keyOf = (run: string) => `runs/${clientId}/${run}.json`;
  await expect
    .poll(async () => {
      await runDurableObjectAlarm(stub);
      return [await env.BLOBS.head(keyOf(erased.run)), await env.BLOBS.head(keyOf(kept.run))].includes(null);
    })
    .toBe(false);
  await erase(user, erased.id);
  await expect.poll(() => env.BLOBS.head(keyOf(erased.run))).toBe(null);
  const tenant = tenantObject(clientId);
  expect(await tenant.getRun(erased.run, "tenant")).toMatchObject({ ok: false, code: "NOT_FOUND" });
  expect(await tenant.getRun(kept.run, "tenant")).toMatchObject({ ok: true });
  // Their lines in lists are figures, and stay.
  const lines = await tenant.runsOfInstance(instance.id, { limit: 10 });
  expect(JSON.stringify(lines)).toContain(erased.run);
  await erase(user, kept.id);
  await expect.poll(() => placesOf(erased.id)).toEqual([]);
});

it("What has many runs is erased in pieces, and an interrupted piece is done once more", async () => {
  const place = { conversationId: crypto.randomUUID(), clientId: "chat_erasure_pieces" };
  const tenant = tenantObject(place.clientId);
  const start = () =>
    tenant.startRun(
      startRequest(place.clientId, {
        plan: plan("write", { write: { action: "ai_text_generate", input: { prompt: canary } } }),
        memoryOf: { owner: "user:u", conversationId: place.conversationId },
      }),
    );
  for (let made = 0; made < 51; made++) valueOrThrow(await start());
  await tenant.forgetConversation(place.conversationId);
  const [first, second] = await Promise.all([
    tenant.eraseRunsOf(place.conversationId),
    tenant.eraseRunsOf(place.conversationId),
  ]);
  expect([first, second]).toEqual([{ isMore: true }, { isMore: true }]);
  expect(await tenant.eraseRunsOf(place.conversationId)).toEqual({ isMore: false });
  expect(await tablesWith(canary, env.TENANT_WORKFLOWS.getByName(place.clientId))).toEqual([]);
  expect(await start()).toMatchObject({ ok: false, code: "NOT_FOUND" });
});
