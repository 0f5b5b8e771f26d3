import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { fuelBudgets } from "#src/engine/fuel.ts";
import { findUser } from "#src/identity/accounts/user-repository.ts";
import { claimsLostTier, tokenMarginMs } from "#src/identity/gates/tier-change.ts";
import { openSession } from "#src/identity/sessions/issue-tokens.ts";
import { assertGoesOn } from "#src/identity/sessions/verified-token.ts";
import type { Tier } from "#src/kernel/actor.ts";
import { accessLease, forgetLease } from "#src/objects/access-lease.ts";
import { account, anotherSession, identity, later, signedIn, statusOf } from "#tests/support/accounts.ts";
import { call, send } from "#tests/support/api.ts";
import { accessGate } from "#tests/support/objects.ts";
import { bodyOf, makeTemplate } from "#tests/support/personas.ts";
import { testPlatform } from "#tests/support/platform-in-process.ts";
import { runJobs } from "#workers/gateway/jobs.ts";
import { operator } from "../../administration/accounts.ts";

const hour = 3_600_000;

/** An account of a tier, signed in with a token that says so. */
async function signedInWith(clientId: string, tier: Tier) {
  const { id, ...rest } = await account(clientId);
  await env.DB.batch([
    env.DB.prepare("UPDATE users SET subscription_tier = ? WHERE id = ?").bind(tier, id),
    env.DB.prepare("UPDATE subscriptions SET tier = ? WHERE user_id = ?").bind(tier, id),
  ]);
  return { id, ...rest, ...(await anotherSession(id)) };
}
type Owner = Awaited<ReturnType<typeof signedInWith>>;

const me = (headers: Record<string, string>) => call("/api/v1/auth/session", { headers });

const refused = async (headers: Record<string, string>) =>
  expect(await bodyOf(await me(headers), 401)).toMatchObject({ error: "TOKEN_EXPIRED" });

async function refreshed({ refreshToken }: Pick<Owner, "refreshToken">) {
  const answer = await send("POST", "/api/v1/auth/refresh", { refresh_token: refreshToken });
  const { access_token } = await bodyOf<{ access_token: string }>(answer, 200);
  return { tier: decodeJwt(access_token).tier, headers: { authorization: `Bearer ${access_token}` } };
}

const isUntold = async (id: string) =>
  (await env.DB.prepare("SELECT tier_untold_since AS since FROM users WHERE id = ?")
    .bind(id)
    .first("since")) !== null;

/** Makes a gate fail every call; a new one of the same tenant works again. */
const breakGate = (clientId: string) =>
  runInDurableObject(env.ACCESS_GATE.getByName(clientId), (_, { storage }) => {
    storage.sql.exec("DROP TABLE changed_tiers");
  });

const setTier = async (userId: string, subscription_tier: Tier) => {
  const { headers } = await operator("admin");
  await bodyOf(await send("PUT", `/api/v1/admin/users/${userId}`, { subscription_tier }, headers), 200);
};

const endOf = (column: "trial_ends_at" | "end_date", status: string) => async (userId: string) => {
  await env.DB.prepare(`UPDATE subscriptions SET status = ?, ${column} = ? WHERE user_id = ?`)
    .bind(status, Date.now() - 1000, userId)
    .run();
  await runJobs(env, Date.now());
};

const ways: [string, Tier, (userId: string) => Promise<unknown>][] = [
  ["an administrator lowers it", "free", (userId) => setTier(userId, "free")],
  [
    "its subscription is changed",
    "basic",
    async (userId) => {
      const { headers } = await operator("admin");
      const answer = await send("PUT", `/api/v1/admin/subscriptions/${userId}`, { tier: "basic" }, headers);
      await bodyOf(answer, 200);
    },
  ],
  [
    "an ended subscription is replaced by a lesser one",
    "basic",
    async (userId) => {
      await env.DB.prepare("UPDATE subscriptions SET status = 'expired' WHERE user_id = ?")
        .bind(userId)
        .run();
      const { headers } = await operator("admin");
      const body = { user_id: userId, tier: "basic", trial_days: 0 };
      await bodyOf(await send("POST", "/api/v1/admin/subscriptions", body, headers), 201);
    },
  ],
  ["its trial is over", "free", endOf("trial_ends_at", "trialing")],
  ["its term is over", "free", endOf("end_date", "active")],
  ["its canceled subscription runs out", "free", endOf("end_date", "canceled")],
];

describe("A tier falls when", () => {
  it.each(ways)("%s, and counts at once: older tokens are to be refreshed", async (name, tier, lower) => {
    const clientId = `falls_${name.replaceAll(" ", "_")}`.slice(0, 50);
    const [owner, other] = [await signedInWith(clientId, "premium"), await signedInWith(clientId, "premium")];
    expect(await statusOf(owner.headers)).toBe(200);
    await lower(owner.id);
    await refused(owner.headers);
    const fresh = await refreshed(owner);
    expect(fresh.tier).toBe(tier);
    expect([await statusOf(fresh.headers), await statusOf(other.headers)]).toEqual([200, 200]);
    expect(await isUntold(owner.id)).toBe(false);
  });

  it("it is no more than that: sessions, sockets and streams go on", async () => {
    const owner = await signedInWith("falls_softly", "enterprise");
    const { webSocket } = await call("/ws", { headers: { ...owner.headers, upgrade: "websocket" } });
    webSocket?.accept();
    const answers = new Promise<string>((resolve) =>
      webSocket?.addEventListener("message", ({ data }) => {
        if (typeof data === "string" && data.includes('"asked"')) resolve(data);
      }),
    );
    await setTier(owner.id, "free");
    await refused(owner.headers);
    await assertGoesOn(testPlatform(), owner.token);
    webSocket?.send(JSON.stringify({ type: "command", event: "ping", id: "asked" }));
    expect(await answers).toContain("asked");
    webSocket?.close();
  });
});

describe("A fallen tier", () => {
  it("is what executions are budgeted by, as soon as there is no token for the other", async () => {
    const clientId = "falls_budget";
    const owner = await signedInWith(clientId, "premium");
    const { id: template_id } = await makeTemplate(clientId);
    const instance = await bodyOf<{ id: string }>(
      await send("POST", "/api/v1/personas/instances", { template_id, name: "Mine" }, owner.headers),
      201,
    );
    const execute = (headers: Record<string, string>) =>
      send("POST", `/api/v1/personas/instances/${instance.id}/execute`, { input: { topic: "tea" } }, headers);
    const budget = async (headers: Record<string, string>) => {
      const run = await bodyOf<{ correlation_id: string }>(await execute(headers), 202);
      const answer = await call(`/api/v1/personas/runs/${run.correlation_id}`, { headers });
      return (await bodyOf<{ fuel: { budget: number } }>(answer, 200)).fuel.budget;
    };
    expect(await budget(owner.headers)).toBe(fuelBudgets.premium);
    await setTier(owner.id, "free");
    expect(await bodyOf(await execute(owner.headers), 401)).toMatchObject({ error: "TOKEN_EXPIRED" });
    expect(await budget((await refreshed(owner)).headers)).toBe(fuelBudgets.free);
  });

  it("elsewhere is heeded here within four seconds, for as long as older tokens live, then forgotten", async () => {
    const clientId = "falls_elsewhere";
    const owner = await signedInWith(clientId, "premium");
    expect(await statusOf(owner.headers)).toBe(200);
    // Told behind this isolate's back.
    const changedAt = Date.now();
    const change = { userId: owner.id, tier: "free" as const, changedAt, until: changedAt + hour };
    await accessGate(clientId).changeTiers([change]);
    await later(4000, () => refused(owner.headers));
    const held = (after: number) =>
      later(after, () =>
        accessLease(() => accessGate(clientId), clientId, Date.now()).then(
          ({ tierChanges }) => tierChanges.size,
        ),
      );
    expect([await held(5000), await held(hour + 5000)]).toEqual([1, 0]);
  });

  it("is told once, and not again when the account has another since", async () => {
    const gate = accessGate("falls_twice");
    const now = Date.now();
    const change = (tier: Tier, changedAt: number) =>
      gate.changeTiers([{ userId: "somebody", tier, changedAt, until: now + hour }]);
    await change("free", now);
    const first = await gate.leaseSince(0, 0);
    expect(first).toMatchObject({ tierChanges: [{ userId: "somebody", tier: "free" }], tierSeq: 1 });
    expect((await gate.leaseSince(0, first.tierSeq)).tierChanges).toEqual([]);
    await change("premium", now + 1);
    await change("free", now);
    expect((await gate.leaseSince(0, first.tierSeq)).tierChanges).toMatchObject([{ tier: "premium" }]);
    // An isolate of the release before does not ask.
    expect((await gate.leaseSince(0)).tierChanges).toEqual([]);
  });

  it("that rises again at once counts again at once", async () => {
    const owner = await signedInWith("falls_and_rises", "premium");
    await setTier(owner.id, "free");
    await refused(owner.headers);
    await setTier(owner.id, "premium");
    expect(await statusOf(owner.headers)).toBe(200);
    expect((await refreshed(owner)).tier).toBe("premium");
  });

  it("while the gate is lost counts by the database, and the gate is told later", async () => {
    const clientId = "falls_untold";
    const owner = await signedInWith(clientId, "premium");
    await breakGate(clientId);
    await setTier(owner.id, "free");
    expect(await isUntold(owner.id)).toBe(true);
    forgetLease(clientId);
    await refused(owner.headers);
    await evictDurableObject(env.ACCESS_GATE.getByName(clientId));
    await runJobs(env, Date.now());
    expect(await isUntold(owner.id)).toBe(false);
    forgetLease(clientId);
    await refused(owner.headers);
  });

  it("that is raised in bulk leaves every token good", async () => {
    const owner = await signedInWith("rises_in_bulk", "basic");
    const { headers } = await operator("admin");
    const body = { user_ids: [owner.id], operation: "upgrade_tier", params: { tier: "premium" } };
    expect(await bodyOf(await send("POST", "/api/v1/admin/users/bulk", body, headers), 200)).toMatchObject({
      succeeded: 1,
    });
    expect([await statusOf(owner.headers), (await refreshed(owner)).tier]).toEqual([200, "premium"]);
    expect(await isUntold(owner.id)).toBe(false);
  });
});

describe("A token", () => {
  const actor = { tier: "premium" as const };
  const claims = (tier: Tier, issuedAt: number, changedAt: number) =>
    claimsLostTier({ actor: { ...full, ...actor }, issuedAt }, { tier, changedAt });
  const full = {
    kind: "user" as const,
    userId: "u",
    email: "u@x.example",
    clientId: "c",
    role: "user" as const,
    permissions: [],
    sessionId: "s",
    scope: "tenant" as const,
  };

  it("claims a lost tier only above the account's, and only from before the change or right after it", () => {
    const at = 1_800_000_000_000;
    expect(claims("basic", at / 1000 - 5, at)).toBe(true);
    expect(claims("basic", (at + tokenMarginMs) / 1000 - 1, at)).toBe(true);
    expect(claims("basic", (at + tokenMarginMs) / 1000, at)).toBe(false);
    expect(claims("premium", at / 1000 - 5, at)).toBe(false);
    expect(claims("enterprise", at / 1000 - 5, at)).toBe(false);
  });

  it("says what the account may do once its session is there, however slow the sign-in", async () => {
    const owner = await signedIn("role_while_signing_in", { role: "admin" });
    const before = await findUser(identity.db, owner.id);
    if (!before) throw new Error("no such account");
    await env.DB.prepare("UPDATE users SET role = 'user' WHERE id = ?").bind(owner.id).run();
    const tokens = await openSession(identity, before, { ip: "198.51.100.1", userAgent: "test" });
    expect(decodeJwt(tokens.access_token).role).toBe("user");
  });
});
