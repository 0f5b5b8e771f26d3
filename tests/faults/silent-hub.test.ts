import {
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import { consumeConversationCopies } from "#src/chat/index.ts";
import { eventsPlatformOf } from "#src/events-platform.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { send } from "../support/api.ts";
import { begin, copyOf, tellLists, withPersona } from "../support/chats.ts";
import { conversationAt, objectAt } from "../support/conversations.ts";
import { bodyOf } from "../support/personas.ts";
import { connect } from "../support/sockets.ts";
import { deadLetterQueue } from "../support/tasks.ts";
import { createUser, createUserWithSession } from "../support/users.ts";

/** Whether a conversation still has its lists to tell. */
const isToTell = (clientId: string, id: string) =>
  runInDurableObject(
    objectAt({ clientId, id }),
    (_, { storage }) => storage.sql.exec("SELECT 1 FROM outbox WHERE kind = 'lists'").toArray().length > 0,
  );

const broken = {
  hangs: () => new Promise<never>(() => {}),
  fails: () => Promise.reject(new Error("The hub is overloaded")),
};

it.each(["hangs", "fails"] as const)(
  "A hub that %s: what has been told of conversations is written once, and what waits is given out later",
  async (how) => {
    const clientId = `silent_hub_${how}`;
    const { user, instance } = await withPersona(clientId);
    const admin = await createUser(clientId, { role: "admin" });
    const settings = { settings: { assignment: "round_robin" } };
    await bodyOf(await send("PUT", `/api/v1/admin/clients/${clientId}`, settings, admin.headers), 200);
    const staff = await createUserWithSession(clientId, { role: "moderator" });
    const { socket } = await connect(staff);
    const waits = (await begin(user, instance.id)).conversation.id;
    const other = (await begin(user, instance.id)).conversation.id;
    const waiting = conversationAt({ clientId, id: waits });
    valueOrThrow(await waiting.changeHolder({ change: { action: "handover" }, reason: "" }));

    const copies = [await copyOf(clientId, waits), await copyOf(clientId, other)];
    const batch = createMessageBatch(
      "platform-events",
      copies.map((body) => ({ id: uuidv7(), timestamp: new Date(), attempts: 1, body })),
    );
    const letters = deadLetterQueue().queue;
    const platform = eventsPlatformOf({ ...env, PLATFORM_EVENTS_DLQ: letters, USER_IMPORTS_DLQ: letters });
    const objects = { ...platform.objects, hub: broken[how] };
    await consumeConversationCopies(batch.messages, { ...platform, objects }, 20);

    const result = await getQueueResult(batch, createExecutionContext());
    expect(result.explicitAcks).toHaveLength(2);
    expect(result.retryMessages).toEqual([]);
    const rows = await env.DB.prepare("SELECT id, status FROM conversations WHERE client_id = ? ORDER BY id")
      .bind(clientId)
      .all();
    expect(rows.results).toEqual([
      { id: waits, status: "waiting" },
      { id: other, status: "active" },
    ]);
    expect([await isToTell(clientId, waits), await isToTell(clientId, other)]).toEqual([true, false]);

    await tellLists(clientId, waits);
    expect(valueOrThrow(await waiting.view()).holder).toBe(`user:${staff.actor.userId}`);
    socket.close();
  },
);
