import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { findingOf, lifeSign } from "#src/realtime/index.ts";
import { connect } from "../../support/sockets.ts";
import { createUserWithSession, type TestUser } from "../../support/users.ts";

const hubOf = (clientId: string) => env.TENANT_HUB.getByName(clientId);
const isPong = ({ type }: { type: string }) => type === "pong";
const isQuestion = ({ event }: { event?: string }) => event === "connection.ping";

afterEach(() => {
  vi.useRealTimers();
});

/** So much later the hub looks, as its alarm has it do. */
async function lookAfter(ms: number, clientId: string) {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
  await runDurableObjectAlarm(hubOf(clientId));
}

/** A socket that has given a sign of life. */
async function living(user: TestUser, answers = true) {
  const connection = await connect(user, "", answers);
  connection.send({ type: "ping" });
  await connection.next(isPong);
  return connection;
}

it("A sign of life is answered without the hub", async () => {
  const { send, next } = await connect(await createUserWithSession("life_sign"));
  const heard = await runInDurableObject(hubOf("life_sign"), (hub) => vi.spyOn(hub, "webSocketMessage"));
  send({ type: "ping" });
  await next(isPong);
  expect(heard).not.toHaveBeenCalled();
});

describe("A hub that looks", () => {
  it("asks whoever gave a sign and is silent, and lets go who does not answer; who never gave one stays", async () => {
    const clientId = "life_silent";
    const user = await createUserWithSession(clientId);
    const [silent, answering, quiet] = [await living(user, false), await living(user), await connect(user)];
    await lookAfter(lifeSign.askAfterMs, clientId);
    await Promise.all([silent.next(isQuestion), answering.next(isQuestion)]);
    // What it has heard and asked is known after hibernation as well.
    await expect
      .poll(() =>
        runInDurableObject(
          hubOf(clientId),
          (_, ctx) =>
            ctx.getWebSockets().filter((socket) => socket.deserializeAttachment().askedAt > 0).length,
        ),
      )
      .toBe(2);
    await evictDurableObject(hubOf(clientId));
    await lookAfter(lifeSign.answerWithinMs, clientId);
    expect((await silent.closed).code).toBe(4002);
    expect(silent.frames.at(-1)).toMatchObject({
      event: "connection.closed",
      data: { code: 4002, reason: "Nothing was heard" },
    });
    expect([answering, quiet].map(({ socket }) => socket.readyState)).toEqual([
      WebSocket.OPEN,
      WebSocket.OPEN,
    ]);
    expect(quiet.frames.some(isQuestion)).toBe(false);
  });

  it("looks again as long as somebody gives signs, and else only when a token ends", async () => {
    const clientId = "life_alarm";
    const armed = () => runInDurableObject(hubOf(clientId), (_, { storage }) => storage.getAlarm());
    const user = await createUserWithSession(clientId);
    const quiet = await connect(user);
    expect(((await armed()) ?? 0) - Date.now()).toBeLessThanOrEqual(lifeSign.askAfterMs);
    await lookAfter(lifeSign.firstWithinMs, clientId);
    expect(((await armed()) ?? 0) - Date.now()).toBeGreaterThan(1_000_000);
    const one = await living(user);
    await lookAfter(lifeSign.askAfterMs, clientId);
    expect(((await armed()) ?? 0) - Date.now()).toBeLessThanOrEqual(lifeSign.answerWithinMs);
    for (const { socket } of [one, quiet]) socket.close(1000);
  });
});

it("Whenever signs cease, it is noticed within a minute, and nobody who answers is let go", () => {
  const { askAfterMs, answerWithinMs, lookEveryMs } = lifeSign;
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 25_000 }), { maxLength: 20 }),
      fc.nat(lookEveryMs),
      (pauses, offset) => {
        const signs: number[] = [];
        for (const pause of pauses) signs.push((signs.at(-1) ?? 0) + pause);
        const last = signs.at(-1) ?? 0;
        let askedAt = 0;
        // As late as a hub may look, beginning at any moment.
        for (let now = offset; ; now += lookEveryMs) {
          const heardAt = signs.findLast((sign) => sign <= now) ?? 0;
          const { finding } = findingOf({ givesSigns: true, heardAt, askedAt }, now);
          if (finding === "silent") askedAt = now;
          if (now <= last) expect(finding).toBe("well");
          if (finding !== "gone") continue;
          expect(now - last).toBeLessThanOrEqual(60_000);
          break;
        }
        expect(askAfterMs + answerWithinMs + 2 * lookEveryMs).toBeLessThanOrEqual(60_000);
      },
    ),
  );
});
