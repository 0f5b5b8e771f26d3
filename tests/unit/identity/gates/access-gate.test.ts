import { createExecutionContext, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { accessLease, forgetLease } from "#src/objects/access-lease.ts";
import { anotherSession, later, signedIn, statusOf } from "#tests/support/accounts.ts";
import { call, send } from "#tests/support/api.ts";
import { accessGate } from "#tests/support/objects.ts";
import { bodyOf } from "#tests/support/personas.ts";
import { createApp } from "#workers/gateway/app.ts";
import { runJobs } from "#workers/gateway/jobs.ts";

const gateOf = (clientId: string) => env.ACCESS_GATE.getByName(clientId);

/** Makes a gate fail every call; a new one of the same tenant works again. */
const breakGate = (clientId: string) =>
  runInDurableObject(gateOf(clientId), (_, { storage }) => {
    storage.sql.exec("DROP TABLE revoked_sessions");
  });

const mendGate = (clientId: string) => evictDurableObject(gateOf(clientId));

const sessionOf = ({ refreshToken }: { refreshToken: string }): string => refreshToken.split(".")[0] ?? "";

/** Ends a session in the database, as a gateway does that stops before it has told anybody. */
const endUntold = (owner: { refreshToken: string }) =>
  env.DB.prepare("UPDATE sessions SET revoked_at = ?, gate_pending = 1 WHERE id = ?")
    .bind(Date.now(), sessionOf(owner))
    .run();

const isPending = (owner: { refreshToken: string }) =>
  env.DB.prepare("SELECT gate_pending FROM sessions WHERE id = ?")
    .bind(sessionOf(owner))
    .first("gate_pending");

/** The database with its reads counted. */
function countedDatabase() {
  const reads: string[] = [];
  const database = new Proxy(env.DB, {
    get(target, name) {
      if (name !== "prepare") return Reflect.get(target, name);
      return (query: string) => {
        reads.push(query);
        return target.prepare(query);
      };
    },
  });
  return { database, reads };
}

/** Status of a call that does nothing itself, and its reads but those that an isolate begins with (placement.test.ts). */
async function readsOf(headers: Record<string, string>) {
  const { database, reads } = countedDatabase();
  const request = new Request("http://platform.test/api/v1/auth/session", { headers });
  const { status } = await createApp().fetch(request, { ...env, DB: database }, createExecutionContext());
  return { status, reads: reads.filter((query) => !/location_hint|platform_settings/.test(query)).length };
}

describe("An authenticated request", () => {
  it("reads nothing from the database before its own work", async () => {
    const owner = await signedIn("gate_free");
    expect(await readsOf(owner.headers)).toEqual({ status: 200, reads: 0 });
  });

  it("looks for no object while the lease on the gate's answer is in force", async () => {
    const owner = await signedIn("gate_held");
    expect((await readsOf(owner.headers)).status).toBe(200);
    const found: string[] = [];
    const gates = new Proxy(env.ACCESS_GATE, {
      get: (target, name) => {
        found.push(String(name));
        return Reflect.get(target, name);
      },
    });
    const request = new Request("http://platform.test/api/v1/auth/session", { headers: owner.headers });
    const { status } = await createApp().fetch(
      request,
      { ...env, ACCESS_GATE: gates },
      createExecutionContext(),
    );
    expect({ status, found }).toEqual({ status: 200, found: [] });
  });

  it("asks the database, once, when the gate is lost", async () => {
    const owner = await signedIn("gate_lost");
    await breakGate("gate_lost");
    expect(await readsOf(owner.headers)).toEqual({ status: 200, reads: 1 });
    await endUntold(owner);
    expect(await readsOf(owner.headers)).toEqual({ status: 401, reads: 1 });
  });

  it.each([
    ["the account is switched off", "UPDATE users SET is_active = 0 WHERE client_id = ?"],
    ["the account is deleted", "UPDATE users SET deleted_at = 1 WHERE client_id = ?"],
    ["the tenant is switched off", "UPDATE clients SET is_active = 0 WHERE id = ?"],
    [
      "the session is gone",
      "DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE client_id = ?)",
    ],
  ])("is refused with a lost gate when %s", async (_, change) => {
    const clientId = `gate_lost_${change.length}`;
    const owner = await signedIn(clientId);
    await breakGate(clientId);
    await env.DB.prepare(change).bind(clientId).run();
    expect(await statusOf(owner.headers)).toBe(401);
  });

  it("goes on with the lease in force while the gate is lost", async () => {
    const owner = await signedIn("gate_leased");
    expect(await readsOf(owner.headers)).toEqual({ status: 200, reads: 0 });
    await breakGate("gate_leased");
    expect(await later(3500, () => readsOf(owner.headers))).toEqual({ status: 200, reads: 0 });
    expect(await later(4000, () => readsOf(owner.headers))).toEqual({ status: 200, reads: 1 });
    await mendGate("gate_leased");
    expect(await later(4100, () => readsOf(owner.headers))).toEqual({ status: 200, reads: 0 });
  });

  it("is refused when neither the gate nor the database can tell", async () => {
    const owner = await signedIn("gate_nobody");
    await breakGate("gate_nobody");
    const database = new Proxy(env.DB, {
      get(target, name) {
        if (name === "prepare") throw new Error("database away");
        return Reflect.get(target, name);
      },
    });
    const request = new Request("http://platform.test/api/v1/auth/session", { headers: owner.headers });
    const answer = await createApp().fetch(request, { ...env, DB: database }, createExecutionContext());
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await bodyOf(answer, 503)).toMatchObject({ error: "UPSTREAM_UNAVAILABLE" });
  });
});

describe("A session that ends", () => {
  it("elsewhere is refused here within four seconds, whenever the lease was renewed", async () => {
    for (let round = 0; round < 10; round++) {
      const owner = await signedIn("gate_bound");
      const others = round * 400;
      // This isolate knows nothing of it: the gate is told behind its back.
      forgetLease("gate_bound");
      expect(await statusOf(owner.headers)).toBe(200);
      await later(others, () => statusOf(owner.headers));
      await later(others, () =>
        accessGate("gate_bound").revokeSessions([sessionOf(owner)], Date.now() + 3_600_000),
      );
      expect(await later(others + 4000, () => statusOf(owner.headers))).toBe(401);
    }
  });

  it("stays refused for as long as its tokens could be taken for good, then is forgotten", async () => {
    const owner = await signedIn("gate_remembers");
    await bodyOf(await send("POST", "/api/v1/auth/logout", {}, owner.headers), 200);
    // A token is good for an hour, and for the few seconds that clocks may differ.
    const answer = await later(3_602_000, () => call("/api/v1/auth/session", { headers: owner.headers }));
    expect(await bodyOf(answer, 401)).toMatchObject({ message: "The session has ended" });
    const held = () => accessGate("gate_remembers").lease();
    expect((await held()).revokedSessions).toEqual([sessionOf(owner)]);
    expect((await later(3_700_000, held)).revokedSessions).toEqual([]);
  });

  it("while the gate is lost has ended, says that not everybody knows, and is told later", async () => {
    const owner = await signedIn("gate_down_at_logout");
    await breakGate("gate_down_at_logout");
    const answer = await send("POST", "/api/v1/auth/logout", {}, owner.headers);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await bodyOf(answer, 503)).toMatchObject({ error: "UPSTREAM_UNAVAILABLE" });
    expect(await statusOf(owner.headers)).toBe(401);
    await mendGate("gate_down_at_logout");
    expect(await isPending(owner)).toBe(1);
    await runJobs(env, Date.now());
    expect(await isPending(owner)).toBe(0);
    expect(await statusOf(owner.headers)).toBe(401);
  });

  it("without anybody being told is told by the sweep, and its sockets close", async () => {
    const owner = await signedIn("gate_sweep");
    const { webSocket } = await call("/ws", { headers: { ...owner.headers, upgrade: "websocket" } });
    webSocket?.accept();
    const closed = new Promise<number>((resolve) =>
      webSocket?.addEventListener("close", ({ code }) => resolve(code)),
    );
    const other = await anotherSession(owner.id);
    await endUntold(owner);
    await runJobs(env, Date.now());
    expect(await closed).toBe(4001);
    const { revokedSessions } = await accessGate("gate_sweep").lease();
    expect(revokedSessions).toEqual([sessionOf(owner)]);
    forgetLease("gate_sweep");
    expect([await statusOf(owner.headers), await statusOf(other.headers)]).toEqual([401, 200]);
    expect(await isPending(owner)).toBe(0);
  });

  it("is told by the sweep also when another tenant's gate is lost, which hears of its own later", async () => {
    const [lost, well] = [await signedIn("gate_sweep_lost"), await signedIn("gate_sweep_well")];
    await breakGate("gate_sweep_lost");
    await endUntold(lost);
    await endUntold(well);
    await runJobs(env, Date.now());
    expect([await isPending(lost), await isPending(well)]).toEqual([1, 0]);
    await mendGate("gate_sweep_lost");
    await runJobs(env, Date.now());
    expect(await isPending(lost)).toBe(0);
  });
});

describe("A lease carries only what is new", () => {
  const end = (clientId: string, ...ids: string[]) =>
    accessGate(clientId).revokeSessions(ids, Date.now() + 3_600_000);

  /** Namespaces that count what the gate has answered. */
  function counted() {
    const answers: number[] = [];
    const namespace = new Proxy(env.ACCESS_GATE, {
      get(target, name) {
        if (name !== "getByName") return Reflect.get(target, name);
        return (clientId: string) => ({
          leaseSince: async (since: number) => {
            const answer = await target.getByName(clientId).leaseSince(since);
            answers.push(answer.revokedSessions.length);
            return answer;
          },
        });
      },
    });
    return { answers, env: { ACCESS_GATE: namespace } };
  }

  it("and what was heard before is refused still, as long as it is of interest", async () => {
    const clientId = "gate_new_only";
    const { answers, env: counting } = counted();
    await end(clientId, "a", "b", "c");
    const now = Date.now();
    const held = async (after: number) => [
      ...(
        await accessLease(() => counting.ACCESS_GATE.getByName(clientId), clientId, now + after)
      ).revokedSessions.keys(),
    ];
    expect(await held(0)).toEqual(["a", "b", "c"]);
    expect(await held(5000)).toEqual(["a", "b", "c"]);
    await end(clientId, "d", "b");
    forgetLease(clientId);
    expect(await held(5001)).toEqual(["a", "c", "d", "b"]);
    expect(await held(3_700_000)).toEqual([]);
    expect(answers).toEqual([3, 0, 2, 0]);
  });

  it("in bounded pieces, however many there are, each of them once", async () => {
    const clientId = "gate_many";
    const { answers, env: counting } = counted();
    const ids = Array.from({ length: 12_000 }, (_, number) => `session-${number}`);
    await end(clientId, ...ids);
    const lease = await accessLease(() => counting.ACCESS_GATE.getByName(clientId), clientId, Date.now());
    expect([...lease.revokedSessions.keys()]).toEqual(ids);
    expect(answers).toEqual([5000, 5000, 2000]);
  });

  it("but not more than an isolate holds: beyond that the database is asked, until it is worth another try", async () => {
    const clientId = "gate_too_many";
    const [ended, other] = [await signedIn(clientId), await signedIn(clientId)];
    const ids = Array.from({ length: 20_000 }, (_, number) => `session-${number}`);
    await endUntold(ended);
    await end(clientId, sessionOf(ended), ...ids);
    forgetLease(clientId);
    const held = (after: number) => accessLease(() => accessGate(clientId), clientId, Date.now() + after);
    const { revokedSessions, isTooMuch } = await held(0);
    expect([revokedSessions.size, isTooMuch]).toEqual([0, true]);
    expect(await readsOf(ended.headers)).toEqual({ status: 401, reads: 1 });
    expect(await readsOf(other.headers)).toEqual({ status: 200, reads: 1 });
    expect(await held(3_590_000)).toMatchObject({ isTooMuch: true });
    await later(3_610_000, () => end(clientId, "last"));
    const lease = await later(3_610_000, () => held(0));
    expect(lease.isTooMuch).toBe(false);
    expect([...lease.revokedSessions.keys()]).toEqual(["last"]);
  });

  it("and a number is never given twice, also when everything has been forgotten", async () => {
    const gate = accessGate("gate_numbers");
    await gate.revokeSessions(["old"], Date.now() - 1);
    const { seq, revokedSessions } = await gate.leaseSince(0);
    expect(revokedSessions).toEqual([]);
    await end("gate_numbers", "new");
    expect(await gate.leaseSince(seq)).toMatchObject({ revokedSessions: [{ id: "new" }], seq: seq + 1 });
  });

  it("and all of it when the gate has lost count", async () => {
    const clientId = "gate_lost_count";
    const { env: counting } = counted();
    await end(clientId, "a", "b");
    await accessLease(() => counting.ACCESS_GATE.getByName(clientId), clientId, Date.now());
    await runInDurableObject(gateOf(clientId), (_, { storage }) => {
      storage.sql.exec("DELETE FROM revoked_sessions");
    });
    await end(clientId, "c");
    const { revokedSessions } = await accessLease(
      () => counting.ACCESS_GATE.getByName(clientId),
      clientId,
      Date.now() + 5000,
    );
    expect(revokedSessions.has("c")).toBe(true);
  });
});
