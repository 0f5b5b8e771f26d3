import { createExecutionContext, createMessageBatch, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { FiguresNews } from "#durable-objects/tenant-hub/figures-news.ts";
import { HubAlarm } from "#durable-objects/tenant-hub/hub-alarm.ts";
import { Listener } from "#durable-objects/tenant-hub/listener.ts";
import { Listeners } from "#durable-objects/tenant-hub/listeners.ts";
import type { CountedMessage } from "#src/objects/counted-events.ts";
import events from "#workers/events/index.ts";
import { tenantHub } from "../../support/objects.ts";
import { connect, type Frame, isEvent, say } from "../../support/sockets.ts";
import { createUserWithSession } from "../../support/users.ts";

const isNews = ({ event }: Frame) => event === "analytics.updated";

/** Somebody who listens to everything. */
async function listening(...of: Parameters<typeof createUserWithSession>) {
  const socket = await connect(await createUserWithSession(...of));
  await socket.subscribe("**");
  return socket;
}

type Socket = Awaited<ReturnType<typeof listening>>;

/** All that a socket is told until now. */
async function heardBy(clientId: string, sockets: readonly Socket[]): Promise<number[]> {
  const id = crypto.randomUUID();
  await say(clientId, id, null, "system.notification");
  for (const { next } of sockets) await next(isEvent(id));
  return sockets.map(({ frames }) => frames.filter(isNews).length);
}

/** The news of a hub at times of one's own, with those who listen at it. */
const atHub = (
  clientId: string,
  work: (news: FiguresNews, state: DurableObjectState) => Promise<void>,
): Promise<void> =>
  runInDurableObject(env.TENANT_HUB.getByName(clientId), async (_, state) => {
    const listeners = new Listeners<Listener>();
    const noUpkeep = { ended: () => {}, writeSoon: () => {}, flushSoon: () => {} };
    for (const socket of state.getWebSockets()) listeners.add(new Listener(socket, noUpkeep));
    const alarm = new HubAlarm(state.storage);
    await work(new FiguresNews({ storage: state.storage, sockets: { listeners }, alarm }), state);
  });

const never = Number.POSITIVE_INFINITY;

describe("That figures have changed is told", () => {
  it("at most once in ten seconds, and once more of what has changed meanwhile", async () => {
    const clientId = "figures_every_ten";
    const staff = await listening(clientId, { role: "moderator" });
    const now = Date.now();
    const heard = async () => (await heardBy(clientId, [staff]))[0];
    await atHub(clientId, async (news, { storage }) => {
      for (const after of [0, 1, 5000, 9999]) await news.changed(clientId, now + after);
      expect(await storage.getAlarm()).toBeLessThanOrEqual(now + 10_000);
      expect(news.look(now + 9999)).toBe(now + 10_000);
    });
    expect(await heard()).toBe(1);
    // The hub has slept meanwhile: what is due it knows from what it has written.
    await atHub(clientId, async (news) => {
      expect(news.look(now + 10_000)).toBe(never);
      expect(news.look(now + 10_001)).toBe(never);
      await news.changed(clientId, now + 15_000);
    });
    expect(await heard()).toBe(2);
    await atHub(clientId, async (news) => {
      expect(news.look(now + 20_000)).toBe(never);
      await news.changed(clientId, now + 29_999);
      expect(news.look(now + 30_000)).toBe(never);
    });
    expect(await heard()).toBe(4);
  });

  it("at once to who comes after a change that nobody was there to hear", async () => {
    const clientId = "figures_nobody";
    await atHub(clientId, async (news) => news.changed(clientId, Date.now()));
    const staff = await listening(clientId, { role: "admin" });
    await tenantHub(clientId).tellFigures(clientId);
    expect(await heardBy(clientId, [staff])).toEqual([1]);
  });

  it("by what counts, to the staff of that tenant and nobody else, without data and without a number", async () => {
    const clientId = "figures_staff";
    const staff = [
      await listening(clientId, { role: "admin" }),
      await listening(clientId, { role: "moderator" }),
      await listening(clientId, { permissions: ["conversations.handle"] }),
    ];
    const others = [
      await listening(clientId),
      await listening(clientId, { permissions: ["commerce.analytics"] }),
    ];
    const elsewhere = await listening("figures_elsewhere", { role: "admin" });
    const event = { id: crypto.randomUUID(), at: Date.now(), by: {}, value: 1 };
    const body: CountedMessage = {
      type: "events.counted",
      client_id: clientId,
      events: [{ ...event, metric: "messages.sent", person: null, account: null }],
    };
    const message = { id: "1", timestamp: new Date(), attempts: 1, body };
    await events.queue(createMessageBatch("platform-events", [message]), env, createExecutionContext());
    expect(await heardBy(clientId, [...staff, ...others])).toEqual([1, 1, 1, 0, 0]);
    expect(await heardBy("figures_elsewhere", [elsewhere])).toEqual([0]);
    const frame = staff[0]?.frames.find(isNews);
    expect(frame).toEqual({
      type: "event",
      event: "analytics.updated",
      entity_id: clientId,
      data: {},
      timestamp: expect.any(String),
    });
  });

  it("only to who has subscribed to it", async () => {
    const clientId = "figures_subscribed";
    const socket = await connect(await createUserWithSession(clientId, { role: "admin" }));
    await socket.subscribe("conversation.*", "system.*");
    await tenantHub(clientId).tellFigures(clientId);
    expect(await heardBy(clientId, [socket])).toEqual([0]);
    await socket.subscribe("analytics.updated");
    await tenantHub(clientId).tellFigures(clientId);
    expect(await heardBy(clientId, [socket])).toEqual([1]);
  });
});
