import { describe, expect, it, vi } from "vitest";
import { Receipts } from "#durable-objects/tenant-hub/receipts.ts";
import { Turns } from "#durable-objects/tenant-hub/turns.ts";
import { connect, type Frame, isEvent, say, upgrade } from "../../support/sockets.ts";
import { createUserWithSession } from "../../support/users.ts";

const large = { text: "x".repeat(40_000) };

/** Puts so many events of 40 KB into the log; names them. */
async function fillLog(clientId: string, owner: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `large-${index}`);
  for (const id of ids) await say(clientId, id, owner, "execution.progress", large);
  return ids;
}

const idsOf = (frames: Frame[]) =>
  frames.flatMap(({ type, entity_id }) => (type === "event" && entity_id) || []);

describe("Sockets", () => {
  it("of a user are at most 20; another user of the tenant gets one, and one that has closed makes room", async () => {
    const user = await createUserWithSession("bounds_sockets");
    const sockets = await Promise.all(Array.from({ length: 20 }, () => connect(user)));
    const refused = await upgrade(user.headers);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "10"]);
    await connect(await createUserWithSession("bounds_sockets"));
    sockets[0]?.socket.close(1000);
    await sockets[0]?.closed;
    await expect.poll(async () => (await upgrade(user.headers)).status).toBe(101);
  });
});

describe("Commands", () => {
  it("are weighed: a sixth history within ten seconds ends the connection", async () => {
    const { send, frames, closed } = await connect(await createUserWithSession("bounds_cost"));
    for (let count = 0; count < 6; count++)
      send({ type: "command", event: "history", id: `h${count}`, data: { since: 0 } });
    expect((await closed).code).toBe(1008);
    expect(frames.some(({ error }) => error === "Too many messages")).toBe(true);
  });

  it("history is answered in pages of at most 256 KB that lose nothing", async () => {
    const user = await createUserWithSession("bounds_history");
    const ids = await fillLog("bounds_history", user.actor.userId, 20);
    const { history } = await connect(user);
    const told: unknown[] = [];
    for (let since = 0; told.length < ids.length; ) {
      const page = await history(since);
      expect(JSON.stringify(page).length).toBeLessThanOrEqual(256 * 1024);
      const { events, next } = page.data ?? {};
      if (!Array.isArray(events) || typeof next !== "number") throw new Error("no page");
      expect(next).toBeGreaterThan(since);
      told.push(...events.map(({ entity_id }) => entity_id));
      since = next;
    }
    expect(told).toEqual(ids);
  });

  it("that take turns never run side by side, also after one that failed", async () => {
    const turns = new Turns();
    const log: string[] = [];
    const work = (name: string, fails = false) =>
      turns.take("ada", async () => {
        log.push(`${name} begins`);
        await Promise.resolve();
        log.push(`${name} ends`);
        if (fails) throw new Error(name);
      });
    await Promise.allSettled([work("a", true), work("b"), work("c")]);
    expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });
});

describe("A client", () => {
  it("that does not say it has what it was sent is closed with 1013 at 1 MB, and goes on where it was", async () => {
    const user = await createUserWithSession("bounds_silent");
    const { subscribe, closed, received, frames } = await connect(user, "", false);
    await subscribe("execution.*");
    const ids = await fillLog("bounds_silent", user.actor.userId, 40);
    expect((await closed).code).toBe(1013);
    expect(received()).toBeGreaterThan(900 * 1024);
    expect(received()).toBeLessThanOrEqual(1024 * 1024 + 1024);
    const since = Math.max(...frames.map(({ seq }) => seq ?? 0));
    const again = await connect(user, `?since=${since}`);
    await again.subscribe("execution.*");
    await again.next(isEvent("large-39"));
    expect([...idsOf(frames), ...idsOf(again.frames)]).toEqual(ids);
  });

  it("that never says so delays no other, nor whoever tells them, and is alone in what becomes of it", async () => {
    const clientId = "bounds_others";
    const user = await createUserWithSession(clientId);
    const [slow, well] = [await connect(user, "", false), await connect(user)];
    for (const { subscribe } of [slow, well]) await subscribe("execution.*");
    // Its time is never over.
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const patience = vi.spyOn(Receipts.prototype, "more").mockReturnValue(promise);
    const ids = await fillLog(clientId, user.actor.userId, 40);
    await well.next(isEvent("large-39"));
    expect(idsOf(well.frames)).toEqual(ids);
    expect(slow.received()).toBeLessThanOrEqual(1024 * 1024 + 1024);
    expect(slow.socket.readyState).toBe(WebSocket.OPEN);
    // It reads at last: what had to wait comes.
    const questions = slow.frames.filter(({ event }) => event === "connection.ping");
    expect(questions.length).toBeGreaterThan(1);
    for (const { id } of questions) slow.send({ type: "command", event: "pong", id });
    patience.mockRestore();
    resolve(true);
    await slow.next(isEvent("large-39"));
    expect(idsOf(slow.frames)).toEqual(ids);
  });

  it("that does gets all of a long log, in order and once", async () => {
    const user = await createUserWithSession("bounds_answering");
    const ids = await fillLog("bounds_answering", user.actor.userId, 60);
    const { subscribe, next, frames } = await connect(user, "?since=0");
    await subscribe("execution.*");
    await next(isEvent("large-59"));
    await say("bounds_answering", "live", user.actor.userId);
    await next(isEvent("live"));
    expect(idsOf(frames)).toEqual([...ids, "live"]);
  });

  it("that is sent little is never asked", async () => {
    const user = await createUserWithSession("bounds_little");
    const { subscribe, next, frames } = await connect(user, "", false);
    await subscribe("execution.*");
    await fillLog("bounds_little", user.actor.userId, 6);
    await next(isEvent("large-5"));
    expect(frames.filter(({ event }) => event === "connection.ping")).toEqual([]);
  });

  it("that answers what nobody asked is believed nothing", async () => {
    const user = await createUserWithSession("bounds_guess");
    const { subscribe, send, closed, received } = await connect(user, "", false);
    await subscribe("execution.*");
    await fillLog("bounds_guess", user.actor.userId, 20);
    for (let count = 0; count < 20; count++) send({ type: "command", event: "pong", id: String(count) });
    await fillLog("bounds_guess", user.actor.userId, 20);
    await say("bounds_guess", "more", user.actor.userId, "execution.progress", {
      text: "x".repeat(45_000),
    });
    for (let count = 20; count < 40; count++)
      await say("bounds_guess", `more-${count}`, user.actor.userId, "execution.progress", large);
    expect((await closed).code).toBe(1013);
    expect(received()).toBeLessThanOrEqual(1024 * 1024 + 1024);
  });
});
