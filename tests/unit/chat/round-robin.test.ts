import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import events from "#workers/events/index.ts";
import { send } from "../../support/api.ts";
import { begin, tellLists, withPersona } from "../../support/chats.ts";
import { conversationAt } from "../../support/conversations.ts";
import { tenantHub } from "../../support/objects.ts";
import { bodyOf } from "../../support/personas.ts";
import { connect } from "../../support/sockets.ts";
import { deadLetterQueue } from "../../support/tasks.ts";
import { createUser, createUserWithSession, type TestUser } from "../../support/users.ts";

/** A tenant that gives out what waits, and conversations of it that wait. */
async function tenant(clientId: string, assignment: unknown = "round_robin") {
  const { user, instance } = await withPersona(clientId);
  const admin = await createUser(clientId, { role: "admin" });
  const set = (value: unknown) =>
    send("PUT", `/api/v1/admin/clients/${clientId}`, { settings: { assignment: value } }, admin.headers);
  await bodyOf(await set(assignment), 200);
  const waiting = async () => {
    const { id } = (await begin(user, instance.id)).conversation;
    const conversation = conversationAt({ clientId, id });
    valueOrThrow(await conversation.changeHolder({ change: { action: "handover" }, reason: "" }));
    const tell = () => tellLists(clientId, id);
    const holder = async () => valueOrThrow(await conversation.view()).holder;
    return { id, conversation, tell, holder };
  };
  return { set, waiting };
}

const staffOf = (clientId: string) => createUserWithSession(clientId, { role: "moderator" });
const heldBy = ({ actor }: TestUser) => `user:${actor.userId}`;

/** Has the events Worker told that somebody has come. @returns whether it wants to be told again */
async function arrived(clientId: string, { actor }: TestUser): Promise<boolean> {
  const body = { type: "staff.present", client_id: clientId, user_id: actor.userId };
  const batch = createMessageBatch("platform-events", [
    { id: uuidv7(), timestamp: new Date(), attempts: 1, body },
  ]);
  const ctx = createExecutionContext();
  const letters = deadLetterQueue().queue;
  await events.queue(batch, { ...env, PLATFORM_EVENTS_DLQ: letters, USER_IMPORTS_DLQ: letters }, ctx);
  return (await getQueueResult(batch, ctx)).retryMessages.length > 0;
}

describe("A conversation that waits", () => {
  it("is given to who is there and holds the fewest, and once, however often its copy comes", async () => {
    const clientId = "round_robin_least";
    const { waiting } = await tenant(clientId);
    const [first, second, away] = [await staffOf(clientId), await staffOf(clientId), await staffOf(clientId)];
    const sockets = [await connect(first), await connect(second)];
    const all = [await waiting(), await waiting(), await waiting(), await waiting()];
    for (const { tell } of all) await tell();
    const holders = await Promise.all(all.map(({ holder }) => holder()));
    expect(holders.toSorted()).toEqual([first, first, second, second].map(heldBy).toSorted());
    expect(holders).not.toContain(heldBy(away));
    const [one] = all;
    const before = valueOrThrow((await one?.conversation.view()) ?? { ok: false, code: "NOT_FOUND" });
    for (let time = 0; time < 3; time++) await one?.tell();
    expect(
      valueOrThrow((await one?.conversation.view()) ?? { ok: false, code: "NOT_FOUND" }).holderEpoch,
    ).toBe(before.holderEpoch);
    for (const { socket } of sockets) socket.close();
  });

  it("waits on where nobody is there, and is given to whoever comes, who says so by coming", async () => {
    const clientId = "round_robin_later";
    const { waiting } = await tenant(clientId);
    const staff = await staffOf(clientId);
    const { tell, holder } = await waiting();
    await tell();
    expect(await holder()).toBe("queue");
    const { socket } = await connect(staff);
    expect(await tenantHub(clientId).presentOf([staff.actor.userId, "nobody"])).toEqual([staff.actor.userId]);
    expect(await arrived(clientId, staff)).toBe(false);
    expect(await holder()).toBe(heldBy(staff));
    socket.close();
  });

  it("stays whose it is where somebody was faster than a late copy", async () => {
    const clientId = "round_robin_late";
    const { waiting } = await tenant(clientId);
    const [there, faster] = [await staffOf(clientId), await staffOf(clientId)];
    const { socket } = await connect(there);
    const { conversation, holder, id } = await waiting();
    const late = { type: "conversation.copy", id, client_id: clientId, holder: "queue", holder_epoch: 2 };
    await conversation.changeHolder({
      change: { action: "take", by: faster.actor.userId, force: false },
      reason: "",
    });
    await sendCopy(late);
    expect(await holder()).toBe(heldBy(faster));
    socket.close();
  });

  it("waits on where the tenant leaves it to be taken; other ways there are none", async () => {
    const clientId = "round_robin_manual";
    const { waiting, set } = await tenant(clientId, "manual");
    expect((await set("random")).status).toBe(400);
    const { socket } = await connect(await staffOf(clientId));
    const { tell, holder } = await waiting();
    await tell();
    expect(await holder()).toBe("queue");
    socket.close();
  });

  it("is given to nobody but the staff, nor to anybody of another tenant", async () => {
    const clientId = "round_robin_others";
    const { waiting } = await tenant(clientId);
    const sockets = [
      await connect(await createUserWithSession(clientId)),
      await connect(await staffOf("round_robin_away")),
    ];
    const { tell, holder } = await waiting();
    await tell();
    expect(await holder()).toBe("queue");
    for (const { socket } of sockets) socket.close();
  });
});

/** Has the events Worker read a copy as it once was. */
async function sendCopy(changes: Record<string, unknown>): Promise<void> {
  const copy = {
    ...{ revision: 1, owner_id: "o", owner_kind: "user", instance_id: "i", title: null, status: "waiting" },
    ...{ admin_id: null, last_seq: 1, unread: 0, last_message: null, started_at: 1, last_message_at: 1 },
    ...{ ended_at: null, erased_at: null, flagged: 0 },
    ...changes,
  };
  const batch = createMessageBatch("platform-events", [
    { id: uuidv7(), timestamp: new Date(), attempts: 1, body: copy },
  ]);
  const ctx = createExecutionContext();
  const letters = deadLetterQueue().queue;
  await events.queue(batch, { ...env, PLATFORM_EVENTS_DLQ: letters, USER_IMPORTS_DLQ: letters }, ctx);
  expect((await getQueueResult(batch, ctx)).explicitAcks).toHaveLength(1);
}
