import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { makeOneTimeToken, type OneTimePurpose } from "#src/identity/passwords/one-time-token-repository.ts";
import { putDeadLetter } from "#src/read-models/dead-letter-repository.ts";
import { account, anotherSession, identity, password, signedIn } from "./accounts.ts";
import { send } from "./api.ts";
import { chatAttempts } from "./chat-attempts.ts";
import { commerceAttempts } from "./commerce-attempts.ts";
import { pages, payer, signatureOf } from "./payments.ts";
import { bodyOf, copywriter, makeInstance, makeTemplate, present, projectRun } from "./personas.ts";
import { pictures } from "./pictures.ts";
import { profileAttempts } from "./profile-attempts.ts";
import type { TenantWorld } from "./tenant-world.ts";
import { createClient, createUser, type TestUser } from "./users.ts";
import { deliveryThat, happens, receiver, webhookOf } from "./webhooks.ts";
import { shop, withWidget } from "./widgets.ts";

/** What a request that has to succeed differs in from the made-up one. */
export interface Attempt {
  /** Path parameters of things made for this request. */
  ids?: Record<string, string>;
  headers?: Record<string, string>;
  /** A JSON body, unless it is one of its own kind. */
  json?: unknown;
  body?: BodyInit;
}

/** Who asks, and what there is to ask about. */
export interface Asking {
  world: TenantWorld;
  admin: TestUser;
}

const tokenOf = async (purpose: OneTimePurpose, userId: string, address?: string) => {
  const made = await makeOneTimeToken(identity.db, purpose, userId, Date.now(), address);
  if ("token" in made) return made.token;
  throw new Error("no token");
};

const someUser = async () => ({ ids: { user_id: (await account("attempts")).id } });
const someWebhook = async () => webhookOf("attempts", receiver("attempts.example").url);
const someInstance = async () => makeInstance(await createUser("attempts"));

const pausing = {
  start_step: "ask",
  steps: {
    ask: { action: "pause_for_human_input", next_step: "done" },
    done: { action: "complete_workflow" },
  },
};

/** A run that waits for a person, and whom it belongs to; the read model knows of it. */
async function pausedRun() {
  const owner = await createUser("attempts");
  const template = { ...copywriter, config: { ...copywriter.config, workflow: pausing } };
  const { id } = await makeInstance(owner, undefined, template);
  const path = `/api/v1/personas/instances/${id}/execute?wait=10`;
  const { correlation_id } = await bodyOf<{ correlation_id: string }>(
    await send("POST", path, { input: { topic: "tea" } }, owner.headers),
    200,
  );
  await projectRun(owner, id, {
    correlation_id,
    created_at: Date.now(),
    status: "paused",
    completed_at: null,
  });
  return { owner, ids: { correlation_id } };
}

/** A dead letter that can be sent again. */
async function someDeadLetter(reason: string): Promise<string> {
  const copy = await projectRun(await createUser("attempts"), uuidv7(), { created_at: Date.now() });
  const [id, queue, createdAt] = [uuidv7(), "platform-events", Date.now()];
  const letter = { id, queue, reason, body: JSON.stringify(copy), clientId: "attempts", createdAt };
  await putDeadLetter(identity.db, letter);
  return id;
}

/** A form as a request sends it. */
async function withForm(fields: Record<string, string | File>): Promise<Attempt> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const encoded = new Response(form);
  return {
    headers: { "content-type": present(encoded.headers.get("content-type")) },
    body: await encoded.arrayBuffer(),
  };
}

/**
 * Operations whose made-up request cannot succeed, or would end what the others
 * need: what to ask instead. Everything else is asked as the document's examples have it.
 */
export const attempts: Record<string, (asking: Asking) => Promise<Attempt>> = {
  ...chatAttempts,
  ...commerceAttempts,
  ...profileAttempts,
  createWidget: async ({ world }) => ({
    json: { instance_id: world.ids.instance_id, name: "Shop", origins: [shop] },
  }),
  openWidgetSession: async () => {
    const { widget } = await withWidget("attempts");
    return { headers: { origin: shop }, json: { key: widget.key } };
  },
  // Unlike the example of the whole configuration: what changes nothing leaves no trace.
  setMaintenance: async () => ({ json: { enabled: false, message: "Tried for once" } }),
  register: async () => ({
    json: { email: "new@attempts.example", password, client_id: await createClient("attempts") },
  }),
  login: async () => ({ json: { email: (await account("attempts")).email, password } }),
  refreshTokens: async () => ({ json: { refresh_token: (await signedIn("attempts")).refreshToken } }),
  logout: async () => signedIn("attempts").then(({ headers }) => ({ headers })),
  verifyEmail: async () => ({
    json: { token: await tokenOf("verify_email", (await account("attempts")).id) },
  }),
  resetPassword: async () => ({
    json: {
      token: await tokenOf("reset_password", (await account("attempts")).id),
      new_password: "Another-Horse-8",
    },
  }),
  changePassword: async () => ({
    headers: (await signedIn("attempts")).headers,
    json: { current_password: password, new_password: "Another-Horse-8" },
  }),
  changeEmail: async () => ({
    headers: (await signedIn("attempts")).headers,
    json: { password, new_email: `new-${crypto.randomUUID()}@attempts.example` },
  }),
  confirmEmail: async () => {
    const { id, headers } = await signedIn("attempts");
    return { headers, json: { token: await tokenOf("change_email", id, `${id}@attempts.example`) } };
  },
  deleteAccount: async () => ({
    headers: (await signedIn("attempts")).headers,
    json: { password, confirmation: "DELETE MY ACCOUNT" },
  }),
  endSession: async () => {
    const { id, headers } = await signedIn("attempts");
    await anotherSession(id);
    const { results } = await env.DB.prepare("SELECT id FROM sessions WHERE user_id = ?")
      .bind(id)
      .all<{ id: string }>();
    return { headers, ids: { session_id: present(results[1]).id } };
  },
  uploadAvatar: async () => ({
    headers: { ...(await signedIn("attempts")).headers, "content-type": "image/png" },
    body: pictures.png,
  }),
  connectWebSocket: async ({ world }) => ({ headers: { ...world.owner.headers, upgrade: "websocket" } }),
  validatePersonaConfig: async () => ({ json: { config: copywriter.config } }),
  createTemplate: async () => ({ json: { ...copywriter, name: "Attempted" } }),
  deleteTemplate: async () => ({ ids: { template_id: (await makeTemplate("attempts")).id } }),
  createInstance: async ({ world }) => ({
    headers: (await createUser(world.clientId)).headers,
    json: { template_id: world.ids.template_id, name: "Attempted" },
  }),
  deleteItem: async ({ admin }) => {
    const items = [{ id: "attempted", title: "Green tea" }];
    await bodyOf(await send("PUT", "/api/v1/personalization/items", { items }, admin.headers), 200);
    return { ids: { item_id: "attempted" } };
  },
  deleteInstance: async () => {
    const owner = await createUser("attempts");
    return { headers: owner.headers, ids: { instance_id: (await makeInstance(owner)).id } };
  },
  setAgentStatus: async () => ({ ids: { agent_id: (await someInstance()).id } }),
  resumeRun: () =>
    pausedRun().then(({ owner, ids }) => ({ headers: owner.headers, ids, json: { approved: true } })),
  decideRun: () => pausedRun().then(({ ids }) => ({ ids })),
  decideRunByOlderPath: () => pausedRun().then(({ ids }) => ({ ids })),
  deleteAgentDefinition: async ({ admin }) => {
    const definition = { type: "attempted", display_name: "Attempted", category: "data-driven" };
    await bodyOf(await send("POST", "/api/v1/admin/agent-definitions", definition, admin.headers), 201);
    return { ids: { agent_definition: "attempted" } };
  },
  redriveDeadLetter: async () => ({ ids: { "dead-letters/{id}": await someDeadLetter("Attempted alone") } }),
  redriveDeadLetters: async () => {
    await someDeadLetter("Attempted");
    return { json: { queue: "platform-events", reason: "Attempted" } };
  },
  actWithinClient: async () => ({ ids: { client_id: await createClient("attempts_within") } }),
  deactivateClient: async () => ({ ids: { client_id: await createClient("attempts_closing") } }),
  createSubscription: async () => {
    const { user_id } = (await someUser()).ids;
    return { json: { user_id, tier: "premium", payment_method_id: "pm_1", trial_days: 14 } };
  },
  openCheckout: async () => ({
    headers: (await createUser("attempts", { tier: "free" })).headers,
    json: { tier: "basic", ...pages },
  }),
  changePlan: async () => ({ headers: (await payer("attempts")).user.headers, json: { tier: "premium" } }),
  receivePaymentNotice: async () => {
    const json = { id: "evt_1", object: "event", type: "ping", data: { object: {} } };
    return { json, headers: { "stripe-signature": signatureOf(JSON.stringify(json)) } };
  },
  cancelSubscription: async () => ({ headers: (await createUser("attempts", { tier: "basic" })).headers }),
  importUsers: async () =>
    withForm({
      client_id: await createClient("attempts"),
      file: new File(["email\nimported@attempts.example"], "users.csv"),
    }),
  importProducts: () =>
    withForm({ file: new File(["sku,name,price,currency\nattempt,Tea,100,EUR"], "products.csv") }),
  importCustomers: () => withForm({ file: new File(["external_id,name\nattempt,Ada"], "customers.csv") }),
  deleteWebhook: async () => ({ ids: { webhook_id: (await someWebhook()).id } }),
  redeliverWebhook: async () => {
    const { id } = await someWebhook();
    await happens("attempts");
    const delivery = await deliveryThat("attempts", id, ({ status }) => status === "delivered");
    return { ids: { webhook_id: id, delivery_id: delivery.id } };
  },
  updateUser: someUser,
  setUserPassword: someUser,
  deleteUser: someUser,
  bulkUsers: async () => ({
    json: { user_ids: [(await account("attempts")).id], operation: "deactivate", reason: "Left" },
  }),
  endUserSessions: async () => ({ ids: { user_id: (await signedIn("attempts")).id } }),
};
