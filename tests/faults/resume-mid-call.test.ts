import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, expect, it, vi } from "vitest";
import { AccessGate } from "#durable-objects/access-gate/object.ts";
import { TenantHub } from "#durable-objects/tenant-hub/object.ts";
import { TenantWorkflows } from "#durable-objects/tenant-workflows/object.ts";
import type { PlatformEvent } from "#src/events/index.ts";
import { Follower } from "../support/follower.ts";
import { nextTurn } from "../support/next-turn.ts";
import { tenantHub, tenantObject } from "../support/objects.ts";
import { say } from "../support/sockets.ts";
import { createUserWithSession } from "../support/users.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** What may come in between where one object waits for another. */
const mishaps = [
  "none",
  "say",
  "say",
  "cut",
  "come",
  "restart",
  "lost",
  "answer lost",
  "late",
  "twice",
  "older",
] as const;
type Mishap = (typeof mishaps)[number];

/** A mishap, and whether it comes when the call is over and its answer on its way. */
type Strike = [mishap: Mishap, isAfter: boolean];

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await nextTurn();
};

/** A tenant with somebody who listens, in which each call between objects meets its mishap as long as there are any. */
async function strikingWorld(clientId: string) {
  vi.restoreAllMocks();
  const user = await createUserWithSession(clientId);
  const follower = new Follower(user);
  const hub = env.TENANT_HUB.getByName(clientId);
  const told: PlatformEvent[] = [];
  const strikes: Strike[] = [];
  let said = 0;
  const tell = () => say(clientId, `e${said++}`, user.actor.userId);
  /** What the test does while a call waits for it: sockets are the test's, and no object may touch them. */
  const deeds: { mishap: Mishap; isDone: boolean }[] = [];
  let isOver = false;

  const acts: Partial<Record<Mishap, () => Promise<unknown>>> = {
    say: tell,
    cut: async () => follower.cut(),
    come: () => follower.come(),
    restart: () => runInDurableObject(hub, (_, ctx) => ctx.abort("as a deployment does")),
    older: () => tenantHub(clientId).publish(told.slice(-2).toReversed()),
  };

  async function act(): Promise<void> {
    const aside: Promise<unknown>[] = [];
    while (!isOver || deeds.length > 0) {
      for (const deed of deeds.splice(0)) {
        const done = () => {
          deed.isDone = true;
        };
        aside.push(acts[deed.mishap]?.().then(done, done) ?? Promise.resolve());
      }
      await nextTurn();
    }
    await Promise.all(aside);
  }

  async function meets(mishap: Mishap): Promise<void> {
    if (acts[mishap] === undefined) return;
    const deed = { mishap, isDone: false };
    deeds.push(deed);
    // What it leads to may meet mishaps itself, and wait for this call: it waits for that only so long.
    for (let turn = 0; turn < 30 && !deed.isDone; turn++) await nextTurn();
    await turns(10);
  }

  /** A call, and what comes in between before it or after it. */
  async function struck<T>(call: () => Promise<T>): Promise<T> {
    const [mishap, isAfter] = strikes.shift() ?? ["none", false];
    if (!isAfter) await meets(mishap);
    if (mishap === "lost") throw new Error("The call was lost");
    if (mishap === "twice") await call();
    const answer = await call();
    if (isAfter) await meets(mishap);
    if (mishap === "late") await turns(5);
    if (mishap === "answer lost") throw new Error("The answer was lost");
    return answer;
  }

  const { publish } = TenantHub.prototype;
  vi.spyOn(TenantHub.prototype, "publish").mockImplementation(async function (this: TenantHub, ...given) {
    const answer = await struck(() => publish.apply(this, given));
    // What is repeated has been told before.
    told.push(...given[0]);
    return answer;
  });
  const { readEvents, greetListener } = TenantWorkflows.prototype;
  vi.spyOn(TenantWorkflows.prototype, "readEvents").mockImplementation(function (
    this: TenantWorkflows,
    ...given
  ) {
    return struck(() => readEvents.apply(this, given));
  });
  vi.spyOn(TenantWorkflows.prototype, "greetListener").mockImplementation(function (
    this: TenantWorkflows,
    ...given
  ) {
    return struck(() => greetListener.apply(this, given));
  });
  const { isShutOut } = AccessGate.prototype;
  vi.spyOn(AccessGate.prototype, "isShutOut").mockImplementation(function (this: AccessGate, ...given) {
    return struck(() => isShutOut.apply(this, given));
  });
  const acting = act();
  const settled = async () => {
    strikes.length = 0;
    isOver = true;
    await acting;
  };
  return { follower, strikes, tell, settled };
}

let run = 0;

it("Whatever comes in between where objects wait for each other: each event comes once and in order, and none is missed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...mishaps), fc.boolean()), { minLength: 20, maxLength: 60 }),
      fc.array(fc.constantFrom("say", "say", "cut", "come", "come"), { minLength: 8, maxLength: 20 }),
      async (strikes, happenings) => {
        const clientId = `mid_call_${run++}`;
        const world = await strikingWorld(clientId);
        const { follower } = world;
        await follower.come();
        world.strikes.push(...strikes);
        for (const happening of happenings) {
          if (happening === "say") await world.tell();
          else if (happening === "cut") follower.cut();
          // A greeting that fails is a connection that does not come about.
          else await follower.come().catch(() => undefined);
          await nextTurn();
          follower.check();
        }
        await world.settled();
        await world.tell();
        const { events } = await tenantObject(clientId).readEvents({ since: 0, limit: 500 });
        const told = events.map(({ entity_id }) => entity_id);
        await expect
          .poll(async () => {
            // What was not delivered is delivered by the alarm, in its time.
            await runDurableObjectAlarm(env.TENANT_WORKFLOWS.getByName(clientId));
            await follower.come().catch(() => undefined);
            return follower.heard.at(-1);
          })
          .toBe(told.at(-1));
        expect([follower.gaps, follower.heard]).toEqual([0, told]);
      },
    ),
    { numRuns: 30, endOnFailure: true },
  );
}, 120_000);
