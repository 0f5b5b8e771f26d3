import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { assemble } from "#durable-objects/conversation/assemble.ts";
import { Lifetime } from "#durable-objects/conversation/lifetime.ts";
import { Talking } from "#durable-objects/conversation/talking.ts";
import { Writing } from "#durable-objects/conversation/writing.ts";
import { objectPlatformOf } from "#src/object-platform.ts";
import { conversationMessageSchema } from "#src/objects/conversation-message.ts";
import { newPlace, objectAt, owner, persona, unhurried } from "../../support/conversations.ts";

/** A day that the machine's own alarms do not reach: only those are rung that the test rings. */
const start = Date.UTC(2100, 0, 1);

/** Lists follow within two seconds; the queue that carries copies waits for nothing (tests/house/queues.test.ts). */
const boundMs = 2000;

/** A conversation with a clock of its own, and what its lists are told when. */
async function watched(work: (world: ReturnType<typeof worldOf>) => Promise<void>): Promise<void> {
  await runInDurableObject(objectAt(newPlace()), (object, ctx) => work(worldOf(object, ctx)));
}

function worldOf(object: Parameters<typeof assemble>[2], ctx: DurableObjectState) {
  const { storage } = ctx;
  let now = start;
  const told: { at: number; revision: number }[] = [];
  const platform = objectPlatformOf(env, ctx.id);
  const queues: typeof platform.queues = {
    ...platform.queues,
    of: (queue, name) => ({
      ...platform.queues.of(queue, name),
      send: async (body) => {
        const copy = conversationMessageSchema.safeParse(body);
        if (copy.success) told.push({ at: now, revision: copy.data.revision });
        return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
      },
    }),
  };
  const world = { ...platform, queues };
  const parts = assemble(ctx, world, object, { now: () => now });
  const writing = new Writing(ctx, world, parts);
  const lifetime = new Lifetime(parts, writing);
  const talking = new Talking(parts, writing);
  return {
    told,
    lifetime,
    say: (content: string) =>
      talking.send({
        sender: { id: owner, as: "owner" },
        clientMessageId: crypto.randomUUID(),
        content,
        wantsReply: false,
      }),
    revision: () => parts.state.row.revision,
    /** Goes on to a time, and rings on the way the alarms that are set. @returns how many rang */
    goTo: async (time: number) => {
      for (let rung = 0; ; rung++) {
        // Whoever has written something has an alarm armed.
        await vi.waitUntil(() => storage.getAlarm(), { interval: 1 });
        const alarm = await storage.getAlarm();
        if (alarm === null || alarm > time) {
          now = time;
          return rung;
        }
        now = Math.max(now, alarm);
        await writing.deliver();
        if ((await storage.getAlarm()) === null) return rung + 1;
      }
    },
    now: () => now,
  };
}

it("Lists are told within two seconds of what was begun and written, however much is written meanwhile, and seldom", () =>
  watched(async ({ told, lifetime, say, revision, goTo, now }) => {
    unhurried();
    const changes: { at: number; revision: number }[] = [];
    const changed = () => changes.push({ at: now(), revision: revision() });
    lifetime.begin({
      owner: { id: owner, kind: "user" },
      instanceId: crypto.randomUUID(),
      title: null,
      persona: persona(),
    });
    changed();
    let alarms = 0;
    for (let step = 1; step <= 50; step++) {
      alarms += await goTo(start + step * 100);
      say(`Tea ${step}`);
      changed();
    }
    alarms += await goTo(start + 50 * 100 + boundMs);
    const delays = changes.map((change) => {
      const first = told.find(({ revision }) => revision >= change.revision);
      return (first?.at ?? Number.POSITIVE_INFINITY) - change.at;
    });
    expect(Math.max(...delays)).toBeLessThanOrEqual(boundMs);
    expect(delays[0]).toBeLessThanOrEqual(boundMs);
    // Fifty changes in five seconds: told twice a second, and no alarm for each.
    expect(told.length).toBeLessThanOrEqual(12);
    expect(alarms).toBeLessThan(changes.length);
  }));
