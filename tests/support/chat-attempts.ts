import { valueOrThrow } from "#src/kernel/outcome.ts";
import { send } from "./api.ts";
import type { Asking, Attempt } from "./attempts.ts";
import { begin, withPersona } from "./chats.ts";
import { conversationAt } from "./conversations.ts";
import { tenantObject } from "./objects.ts";
import { bodyOf, present } from "./personas.ts";
import { createUserWithSession, tokenFor } from "./users.ts";

/** A conversation with a message and an answer that was stopped. */
async function someConversation() {
  const { user, instance } = await withPersona("attempts");
  const { conversation, message, turn } = await begin(user, instance.id, { message: "About tea" });
  const path = `/api/v1/conversations/${conversation.id}/stop`;
  await bodyOf(await send("POST", path, undefined, user.headers), 200);
  const ids = { conversation_id: conversation.id, message_id: present(message).id };
  return {
    actor: user.actor,
    headers: user.headers,
    ids,
    answer: turn?.message_id,
    instanceId: instance.id,
  };
}

/** A text to be uploaded. */
const textFor = ({
  ids,
  headers,
}: {
  ids: Record<string, string>;
  headers: Record<string, string>;
}): Attempt => ({
  ids,
  headers: { ...headers, "content-type": "text/plain", "x-file-name": "tea.txt" },
  body: "About tea",
});

/** A conversation that somebody of the staff holds, or is to take. */
async function staffedConversation(isHeld: boolean) {
  const { ids } = await someConversation();
  const { actor, headers } = await createUserWithSession("attempts", { role: "moderator" });
  const path = `/api/v1/admin/conversations/${ids.conversation_id}/take`;
  if (isHeld) await bodyOf(await send("POST", path, {}, headers), 200);
  return { ids, headers, actor };
}

/** What to ask of conversations instead of what is made up. */
export const chatAttempts: Record<string, (asking: Asking) => Promise<Attempt>> = {
  regenerateMessage: async () => {
    const { headers, ids, answer } = await someConversation();
    return { headers, ids: { ...ids, message_id: present(answer) } };
  },
  activateBranch: async () => {
    const { headers, ids, answer } = await someConversation();
    return { headers, ids, json: { leaf_id: present(answer) } };
  },
  createConversation: async ({ world }) => ({
    headers: world.owner.headers,
    json: { instance_id: world.ids.instance_id, message: "About tea" },
  }),
  // It ends with its access token, which ran out two seconds ago; clocks may differ by five.
  streamConversation: async () => {
    const { actor, ids } = await someConversation();
    const token = await tokenFor(actor, Date.now() - 3_602_000);
    return { ids, headers: { authorization: `Bearer ${token}` } };
  },
  streamEvents: async ({ admin }) => {
    const token = await tokenFor(admin.actor, Date.now() - 3_602_000);
    return { headers: { authorization: `Bearer ${token}` } };
  },
  connectConversation: async () => {
    const { ids, headers } = await someConversation();
    return { ids, headers: { ...headers, upgrade: "websocket" } };
  },
  connectConversationOfTenant: async () => {
    const { ids, headers } = await staffedConversation(false);
    return { ids, headers: { ...headers, upgrade: "websocket" } };
  },
  // The same message again, whose answer was stopped: all of it is there.
  streamChat: async () => {
    const { headers, ids } = await someConversation();
    const path = `/api/v1/conversations/${ids.conversation_id}`;
    const message = { client_message_id: "m-1", content: "About cake" };
    await bodyOf(await send("POST", `${path}/messages`, message, headers), 201);
    await bodyOf(await send("POST", `${path}/stop`, undefined, headers), 200);
    const messages = [{ id: "m-1", role: "user", parts: [{ type: "text", text: "About cake" }] }];
    return { headers, json: { id: ids.conversation_id, messages } };
  },
  requestHandover: async () => {
    const { headers, ids, instanceId } = await someConversation();
    const chat = { enabled: true, handover: true };
    await bodyOf(await send("PUT", `/api/v1/personas/instances/${instanceId}/chat`, chat, headers), 200);
    return { headers, ids };
  },
  uploadAttachment: async () => textFor(await someConversation()),
  exportConversations: async () => {
    const { ids, headers } = await staffedConversation(false);
    return { headers, json: { conversation_ids: [ids.conversation_id], format: "json" } };
  },
  uploadAttachmentOfTenant: async () => textFor(await staffedConversation(false)),
  getConversationOfTenant: () => staffedConversation(false),
  takeConversation: () => staffedConversation(false),
  setConversationStatus: () => staffedConversation(false),
  releaseConversation: () => staffedConversation(true),
  handBackConversation: () => staffedConversation(true),
  replyToConversation: () => staffedConversation(true),
  assignConversation: async () => {
    const { ids, headers, actor } = await staffedConversation(true);
    return { ids, headers, json: { admin_id: actor.userId } };
  },
  streamConversationOfTenant: async () => {
    const { ids, actor } = await staffedConversation(false);
    const token = await tokenFor(actor, Date.now() - 3_602_000);
    return { ids, headers: { authorization: `Bearer ${token}` } };
  },
  rateMessage: async () => {
    const { headers, ids, answer } = await someConversation();
    return { headers, ids: { ...ids, message_id: present(answer) } };
  },
  rateConversation: async () => {
    const { headers, ids } = await someConversation();
    const path = `/api/v1/conversations/${ids.conversation_id}`;
    await bodyOf(await send("PATCH", path, { status: "ended" }, headers), 200);
    return { headers, ids };
  },
  deleteOwnMemory: async () => {
    const { headers, ids, instanceId, actor } = await someConversation();
    const memory = { owner: `user:${actor.userId}` as const, type: "note", content: "Tea", metadata: {} };
    const { id } = await tenantObject("attempts").putMemory(instanceId, memory, 10);
    return { headers, ids: { ...ids, remembered_id: String(id) } };
  },
  listOwnMemories: someConversation,
  hideMessage: () => staffedConversation(false),
  banPerson: async ({ world }) => {
    const { actor } = await createUserWithSession(world.clientId);
    const json = { person_id: actor.userId, reason: "Rude" };
    return { headers: world.admin.headers, json };
  },
  releaseMessage: async () => {
    const { actor: owner, ids } = await someConversation();
    const { headers } = await createUserWithSession("attempts", { role: "moderator" });
    const conversation = conversationAt({ clientId: "attempts", id: ids.conversation_id });
    const marked = await conversation.send({
      sender: { id: owner.userId, as: "owner" },
      clientMessageId: "marked",
      content: "About cake",
      wantsReply: false,
      verdict: { action: "flag", rule: "Rule" },
    });
    return { headers, ids: { ...ids, message_id: valueOrThrow(marked).message.id } };
  },
  deleteConversation: someConversation,
  deleteMessage: someConversation,
  editMessage: someConversation,
};
