import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { insertGrant } from "#src/administration/access/permission-repository.ts";
import { insertImportJob } from "#src/administration/user-import/import-job-repository.ts";
import { database } from "#src/db/client.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { putDeadLetter } from "#src/read-models/dead-letter-repository.ts";
import { call, send } from "./api.ts";
import { tellLists } from "./chats.ts";
import { gatheredExport } from "./exports.ts";
import { tenantObject } from "./objects.ts";
import { bodyOf, copywriter, type Instance, makeTemplate, projectRun } from "./personas.ts";
import { makeCustomer, makeOrder, makeProduct, stockUp } from "./shop.ts";
import { createClient, createUser, type TestUser } from "./users.ts";
import { endpoint, receiver, webhookOf } from "./webhooks.ts";
import { makeWorkflow } from "./workflows.ts";

const claimsSchema = z.object({ user_id: z.string(), sid: z.string() });

export interface TenantWorld {
  clientId: string;
  owner: { userId: string; headers: { authorization: string } };
  /** Who administers the tenant, and keeps its shop. */
  admin: TestUser;
  /** Ids of what really exists in the tenant, by the name that path parameters have for them. */
  ids: Record<string, string>;
}

/** A shop with one of everything in it. */
async function commerceIds(keeper: TestUser): Promise<Record<string, string>> {
  const { id: location_id } = await bodyOf<{ id: string }>(
    await send("POST", "/api/v1/locations", { name: "Warehouse" }, keeper.headers),
    201,
  );
  const product = await makeProduct(keeper);
  await stockUp(keeper, product.id, 1000);
  const customer = await makeCustomer(keeper);
  const order = await makeOrder({ keeper, product, customer });
  return { location_id, product_id: product.id, customer_id: customer.id, order_id: order.id };
}

/** Has something known of somebody, who has agreed to it. */
async function knownPerson(clientId: string, personId: string, headers: { authorization: string }) {
  await bodyOf(await send("PUT", "/api/v1/user/consents", { personalisation: true }, headers), 200);
  const profile = { conversation_preferences: { topics: ["tea"] } };
  await bodyOf(await send("POST", "/api/v1/personalization/user-profile", profile, headers), 201);
  const fact = {
    id: `fact-of-${clientId}`,
    text: "Likes tea",
    conversationId: "c",
    messageId: "m",
    confidence: 1,
  };
  await env.TENANT_PERSONALISATION.getByName(clientId).learnFacts({ personId, facts: [fact] });
  return { fact_id: fact.id };
}

/**
 * A tenant with one of everything in it, all of it its owner's. A new kind of
 * path parameter gets its resource here: make it, and add its id under the
 * parameter's name, or under its place (`dead-letters/{id}`) where the name says little.
 */
export async function tenantWorld(clientId: string): Promise<TenantWorld> {
  await createClient(clientId);
  const account = { email: `owner@${uuidv7()}.example`, password: "Correct-Horse-9", client_id: clientId };
  const { access_token } = await bodyOf<{ access_token: string }>(
    await send("POST", "/api/v1/auth/register", account),
    201,
  );
  const { user_id: userId, sid } = claimsSchema.parse(decodeJwt(access_token));
  const headers = { authorization: `Bearer ${access_token}` };

  const workflow = {
    start_step: "recall",
    steps: {
      recall: { action: "retrieve_memory", input: { query: "tea" }, next_step: "done" },
      done: { action: "complete_workflow" },
    },
  };
  const template = await makeTemplate(clientId, {
    ...copywriter,
    config: { ...copywriter.config, workflow },
  });
  const instance = await bodyOf<Instance>(
    await send("POST", "/api/v1/personas/instances", { template_id: template.id, name: "Mine" }, headers),
    201,
  );
  const run = await bodyOf<{ correlation_id: string }>(
    await send(
      "POST",
      `/api/v1/personas/instances/${instance.id}/execute?wait=10`,
      { input: { topic: "tea" } },
      headers,
    ),
    200,
  );
  await projectRun({ actor: { clientId, userId } }, instance.id, {
    correlation_id: run.correlation_id,
    created_at: Date.now(),
  });
  await env.BLOBS.put(`images/${clientId}/${run.correlation_id}/picture.png`, "png", {
    httpMetadata: { contentType: "image/png" },
    customMetadata: { user_id: userId },
  });
  const avatar = `${uuidv7()}.png`;
  await env.BLOBS.put(`avatars/${clientId}/${userId}/${avatar}`, "png", {
    httpMetadata: { contentType: "image/png" },
  });
  const ofPerson = { owner: `user:${userId}` as const, type: "note", content: "Tea", metadata: {} };
  const remembered = await tenantObject(clientId).putMemory(instance.id, ofPerson, 10);
  const memory = await bodyOf<{ id: number }>(
    await send(
      "POST",
      `/api/v1/personas/instances/${instance.id}/memories`,
      { content: "Likes tea" },
      headers,
    ),
    201,
  );
  const project = await bodyOf<{ id: string }>(
    await send("POST", "/api/v1/projects", { name: "Mine" }, headers),
    201,
  );
  const { conversation, message } = await bodyOf<{ conversation: { id: string }; message: { id: string } }>(
    await send("POST", "/api/v1/conversations", { instance_id: instance.id, message: "Tea?" }, headers),
    201,
  );
  await bodyOf(await send("POST", `/api/v1/conversations/${conversation.id}/stop`, undefined, headers), 200);
  const attachment = await bodyOf<{ id: string }>(
    await call(`/api/v1/conversations/${conversation.id}/attachments`, {
      method: "POST",
      headers: { ...headers, "content-type": "text/plain" },
      body: "About tea",
    }),
    201,
  );
  const withFile = {
    client_message_id: "file",
    content: "A file",
    reply: false,
    attachments: [attachment.id],
  };
  await bodyOf(
    await send("POST", `/api/v1/conversations/${conversation.id}/messages`, withFile, headers),
    201,
  );
  await tellLists(clientId, conversation.id);
  await putDeadLetter(database(env.DB), {
    id: `letter-of-${clientId}`,
    queue: "adapter-tasks",
    reason: "Malformed",
    body: "{}",
    clientId,
    createdAt: Date.now(),
  });
  const now = Date.now();
  const jobId = uuidv7();
  await insertImportJob(database(env.DB), {
    id: jobId,
    clientId,
    status: "completed",
    totalRows: 0,
    nextRow: 0,
    leaseUntil: 0,
    attempts: 0,
    rowsKey: null,
    actorId: userId,
    ip: "",
    userAgent: "",
    createdAt: now,
    updatedAt: now,
    completedAt: now,
  });
  await insertGrant(database(env.DB), userId, "projects.manage", Date.now());
  const admin = await createUser(clientId, { role: "admin" });
  const definition = await makeWorkflow(admin, `of_${clientId}`);
  const agent = { type: `of_${clientId}`, display_name: "Own", category: "data-driven" };
  const { id: agentDefinition } = await bodyOf<{ id: string }>(
    await send("POST", "/api/v1/admin/agent-definitions", agent, admin.headers),
    201,
  );
  const trigger = await bodyOf<{ id: string }>(
    await send(
      "POST",
      `/api/v1/personas/instances/${instance.id}/triggers`,
      { event: "instance.updated" },
      headers,
    ),
    201,
  );
  const cannedReply = await bodyOf<{ id: string }>(
    await send(
      "POST",
      "/api/v1/canned-replies",
      { shortcut: "hello", text: "Hello {{ user.name }}" },
      admin.headers,
    ),
    201,
  );
  const rule = await bodyOf<{ id: string }>(
    await send(
      "POST",
      "/api/v1/admin/moderation/rules",
      { name: "Rule", words: ["nincompoop"], action: "hold" },
      admin.headers,
    ),
    201,
  );
  const banned = await createUser(clientId);
  const ban = await bodyOf<{ id: string }>(
    await send(
      "POST",
      "/api/v1/admin/bans",
      { person_id: banned.actor.userId, reason: "Rude" },
      admin.headers,
    ),
    201,
  );
  const steps = [{ event: "conversations.started" }, { event: "messages.sent" }];
  const funnel = await bodyOf<{ id: string }>(
    await send("POST", "/api/v1/admin/analytics/funnels", { name: "Funnel", steps }, admin.headers),
    201,
  );
  const item = { id: `item-of-${clientId}`, title: "Green tea" };
  await bodyOf(await send("PUT", "/api/v1/personalization/items", { items: [item] }, admin.headers), 200);
  const widget = await bodyOf<{ id: string }>(
    await send(
      "POST",
      "/api/v1/widgets",
      { instance_id: instance.id, name: "Shop", origins: ["https://shop.example"] },
      admin.headers,
    ),
    201,
  );
  const webhook = await webhookOf(
    clientId,
    receiver(`${clientId.replaceAll("_", "-")}.example`).url,
    {},
    admin,
  );
  const delivery = valueOrThrow(await endpoint(clientId, webhook.id).deliverTest("user.created", {}));
  return {
    clientId,
    owner: { userId, headers },
    admin,
    ids: {
      ...(await commerceIds(admin)),
      ...(await knownPerson(clientId, userId, headers)),
      client_id: clientId,
      user_id: userId,
      session_id: sid,
      job_id: jobId,
      export_id: await gatheredExport(clientId, conversation.id),
      permission_name: "projects.manage",
      project_id: project.id,
      "dead-letters/{id}": `letter-of-${clientId}`,
      template_id: template.id,
      instance_id: instance.id,
      item_id: item.id,
      agent_id: instance.id,
      conversation_id: conversation.id,
      message_id: message.id,
      attachment_id: attachment.id,
      canned_reply_id: cannedReply.id,
      rule_id: rule.id,
      ban_id: ban.id,
      funnel_id: funnel.id,
      memory_id: String(memory.id),
      remembered_id: String(remembered.id),
      trigger_id: trigger.id,
      agent_definition: agentDefinition,
      workflow: definition.id,
      correlation_id: run.correlation_id,
      run: run.correlation_id,
      task_id: `${run.correlation_id}.recall.main`,
      file: "picture.png",
      avatar,
      webhook_id: webhook.id,
      delivery_id: delivery.id,
      widget_id: widget.id,
    },
  };
}
