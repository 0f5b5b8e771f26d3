import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { hashPassword } from "#src/identity/passwords/password-hash.ts";
import { runJobs } from "#workers/gateway/jobs.ts";
import { account, anotherSession, from, later, logIn, password, signedIn } from "../../support/accounts.ts";
import { send } from "../../support/api.ts";
import { tenantObject } from "../../support/objects.ts";
import { bodyOf, eventOf } from "../../support/personas.ts";

const wrong = "Wrong-Horse-9";
const stranger = "203.0.113.9";

const statuses = (answers: readonly Response[]): number[] => answers.map(({ status }) => status);

/** Fails a number of times, one after the other. */
async function fail(email: string, times: number, ip = stranger): Promise<Response[]> {
  const answers: Response[] = [];
  for (let count = 0; count < times; count++) answers.push(await logIn(email, wrong, ip));
  return answers;
}

const counted = (key: string) =>
  env.DB.prepare("SELECT failures FROM login_failures WHERE key = ?").bind(key).first<number>("failures");

const suspicions = async (clientId: string) => {
  const { events } = await tenantObject(clientId).readEvents({ since: 0, limit: 100 });
  return events.filter(({ event }) => event === "security.suspicious_activity");
};

const setHash = (userId: string, hash: string) =>
  env.DB.prepare("UPDATE users SET password_hash = ? WHERE id = ?").bind(hash, userId).run();

describe("Failed sign-ins", () => {
  it("are answered with how long to wait, and that is how long it takes", async () => {
    const { email } = await account("lock_wait");
    await fail(email, 5);
    const locked = await logIn(email, password, stranger);
    const seconds = Number(locked.headers.get("retry-after"));
    expect(await bodyOf(locked, 429)).toMatchObject({
      error: "RATE_LIMITED",
      details: { retry_after: seconds },
    });
    expect(await later((seconds - 2) * 1000, () => logIn(email, password, stranger))).toMatchObject({
      status: 429,
    });
    expect(await later(seconds * 1000, () => logIn(email, password, stranger))).toMatchObject({
      status: 200,
    });
  });

  it("lock for twice as long with each further one", async () => {
    const { email } = await account("lock_grows");
    await fail(email, 5);
    const waits: number[] = [];
    let passed = 0;
    for (let round = 0; round < 4; round++) {
      const locked = await later(passed, () => logIn(email, wrong, stranger));
      const seconds = Number(locked.headers.get("retry-after"));
      waits.push(Math.round(seconds / 30) * 30);
      passed += seconds * 1000;
      expect((await later(passed, () => logIn(email, wrong, stranger))).status).toBe(401);
    }
    expect(waits).toEqual([30, 60, 120, 240]);
  });

  it("that are refused by the lock do not prolong it", async () => {
    const { email } = await account("lock_patience");
    await fail(email, 10);
    expect(await counted(`account:${email}`)).toBe(5);
  });

  it("are forgiven by a sign-in", async () => {
    const { email } = await account("lock_forgiven");
    await fail(email, 4);
    expect((await logIn(email, password, stranger)).status).toBe(200);
    expect(statuses(await fail(email, 4))).toEqual([401, 401, 401, 401]);
    expect((await logIn(email, password, stranger)).status).toBe(200);
  });

  it("of an account that does not exist lock like those of one that does", async () => {
    expect(statuses(await fail("nobody@lock-unknown.example", 6))).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it("count each, however many come at once, and no more than the free ones learn anything", async () => {
    const { email } = await account("lock_burst");
    const answers = await Promise.all(Array.from({ length: 20 }, () => logIn(email, wrong, stranger)));
    expect(await counted(`account:${email}`)).toBe(20);
    expect(statuses(answers).filter((status) => status === 401).length).toBeLessThanOrEqual(5);
    expect(new Set(statuses(answers))).toEqual(new Set([401, 429]));
    for (const answer of answers.filter(({ status }) => status === 429)) {
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect((await logIn(email, password, stranger)).status).toBe(429);
  });

  it("are told to the tenant once per lock, also when they come at once", async () => {
    const owner = await account("lock_told");
    await Promise.all(Array.from({ length: 12 }, () => logIn(owner.email, wrong, stranger)));
    const told = await eventOf("lock_told", "security.suspicious_activity");
    expect(told).toMatchObject({
      entity_id: owner.id,
      data: { kind: "repeated_login_failures", failures: 5, ip: stranger },
    });
    expect(await suspicions("lock_told")).toHaveLength(1);
    const hour = 3_600_000;
    await later(2 * hour, () => fail(owner.email, 5));
    await expect.poll(async () => (await suspicions("lock_told")).length).toBe(2);
    const audited = env.DB.prepare(
      "SELECT count(*) AS n FROM audit_log WHERE target_id = ? AND action = 'security.suspicious_activity'",
    );
    expect(await audited.bind(owner.id).first("n")).toBe(2);
  });
});

describe("A lock", () => {
  it("of one address does not shut out the account's owner at another", async () => {
    const { email } = await account("lock_elsewhere");
    await fail(email, 6);
    expect((await logIn(email, password, stranger)).status).toBe(429);
    expect((await logIn(email, password, "198.51.100.20")).status).toBe(200);
  });

  it("counts the addresses of one IPv6 customer as one, and others apart", async () => {
    const { email } = await account("lock_ipv6");
    for (let host = 1; host <= 5; host++) await fail(email, 1, `2001:db8:1:2::${host}`);
    expect((await logIn(email, password, "2001:db8:1:2:ffff::1")).status).toBe(429);
    expect((await logIn(email, password, "2001:db8:1:3::1")).status).toBe(200);
  });

  it("by failures from many addresses lets in whoever signed in from theirs lately", async () => {
    const owner = await signedIn("lock_strangers");
    for (let host = 1; host <= 10; host++) await fail(owner.email, 5, `203.0.113.${100 + host}`);
    const away = await logIn(owner.email, password, "198.51.100.99");
    expect(away.status).toBe(429);
    expect(Number(away.headers.get("retry-after"))).toBeLessThanOrEqual(60);
    expect((await logIn(owner.email, password, "198.51.100.1")).status).toBe(200);
  });

  it("by failures from many addresses knows the network of an IPv6 address again", async () => {
    const owner = await account("lock_known_network");
    await anotherSession(owner.id, "2001:db8:9:9::1");
    for (let host = 1; host <= 10; host++) await fail(owner.email, 5, `203.0.113.${150 + host}`);
    expect((await logIn(owner.email, password, "2001:db8:9:8::1")).status).toBe(429);
    expect((await logIn(owner.email, password, "2001:db8:9:9:aaaa::2")).status).toBe(200);
  });

  it("knows an address for thirty days", async () => {
    const owner = await signedIn("lock_known_days");
    await env.DB.prepare("UPDATE sessions SET created_at = ? WHERE user_id = ?")
      .bind(Date.now() - 31 * 86_400_000, owner.id)
      .run();
    for (let host = 1; host <= 10; host++) await fail(owner.email, 5, `203.0.113.${170 + host}`);
    expect((await logIn(owner.email, password, "198.51.100.1")).status).toBe(429);
  });

  it("of an address that tries many accounts shuts out nobody elsewhere, nor who is known there", async () => {
    const [known, other] = [await signedIn("lock_tenant"), await account("lock_tenant")];
    await env.DB.prepare("INSERT INTO login_failures (key, failures, last_at) VALUES (?, 130, ?)")
      .bind("address:198.51.100.1", Date.now())
      .run();
    expect((await logIn(other.email, password, "198.51.100.1")).status).toBe(429);
    expect((await logIn(other.email, password, "198.51.100.2")).status).toBe(200);
    expect((await logIn(known.email, password, "198.51.100.1")).status).toBe(200);
    expect(await counted("address:198.51.100.1")).toBe(130);
    await env.DB.prepare("DELETE FROM login_failures WHERE key = 'address:198.51.100.1'").run();
  });
});

describe("An address from which somebody signed in", () => {
  const day = 86_400_000;

  it("is known for 30 days, though the session of that time is long over", async () => {
    const owner = await signedIn("known_address");
    const lockedAfter = (days: number) =>
      later(days * day, async () => {
        await runJobs(env, Date.now());
        await env.DB.prepare(
          `INSERT INTO login_failures (key, failures, last_at) VALUES (?, 130, ?)
           ON CONFLICT DO UPDATE SET last_at = excluded.last_at`,
        )
          .bind("address:198.51.100.1", Date.now())
          .run();
        return (await logIn(owner.email, wrong, "198.51.100.1")).status;
      });
    expect(await lockedAfter(29)).toBe(401);
    expect(await lockedAfter(31)).toBe(429);
    await env.DB.prepare("DELETE FROM login_failures").run();
    const kept = env.DB.prepare("SELECT count(*) AS n FROM sessions WHERE user_id = ?").bind(owner.id);
    expect(await kept.first("n")).toBe(0);
  });
});

describe("The answer to a failed sign-in", () => {
  it("is the same for a wrong password, an unknown, a switched-off and a deleted account", async () => {
    const [living, off, gone] = [
      await account("answer_same"),
      await account("answer_same"),
      await account("answer_same"),
    ];
    await env.DB.prepare("UPDATE users SET is_active = 0 WHERE id = ?").bind(off.id).run();
    await env.DB.prepare("UPDATE users SET deleted_at = 1 WHERE id = ?").bind(gone.id).run();
    const answers = [
      await logIn(living.email, wrong),
      await logIn("nobody@answer-same.example"),
      await logIn(off.email),
      await logIn(gone.email),
    ];
    const bodies = await Promise.all(answers.map((answer) => answer.json<Record<string, unknown>>()));
    for (const [index, { request_id: _, ...body }] of bodies.entries()) {
      expect(answers[index]?.status).toBe(401);
      expect(body).toEqual({
        error: "INVALID_CREDENTIALS",
        code: "AUTH001",
        message: "E-mail or password is wrong",
      });
    }
  });

  it("costs as much for an unknown account as for a wrong password", async () => {
    const owner = await account("answer_cost");
    await setHash(owner.id, await hashPassword(password));
    const costs: { known: number[]; unknown: number[] } = { known: [], unknown: [] };
    for (let round = 0; round < 3; round++) {
      for (const [kind, email] of [
        ["known", owner.email],
        ["unknown", "nobody@answer-cost.example"],
      ] as const) {
        const start = performance.now();
        await logIn(email, wrong);
        costs[kind].push(performance.now() - start);
      }
    }
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[1] ?? 0;
    const ratio = median(costs.unknown) / median(costs.known);
    // Without the hashing it would be a few hundredths.
    expect(ratio).toBeGreaterThan(0.2);
    expect(ratio).toBeLessThan(5);
  });
});

describe("A hash with parameters of former times", () => {
  const hashOf = (id: string) =>
    env.DB.prepare("SELECT password_hash FROM users WHERE id = ?").bind(id).first<string>("password_hash");
  const today = /^\$scrypt\$ln=15,r=8,p=3\$/;

  it("is renewed when its owner signs in, and goes on to fit", async () => {
    const owner = await account("hash_renewed");
    expect(await hashOf(owner.id)).toMatch(/^\$scrypt\$ln=4,/);
    expect((await logIn(owner.email)).status).toBe(200);
    expect(await hashOf(owner.id)).toMatch(today);
    expect((await logIn(owner.email)).status).toBe(200);
    expect((await logIn(owner.email, wrong)).status).toBe(401);
  });

  it("is not touched by a wrong password", async () => {
    const owner = await account("hash_untouched");
    await logIn(owner.email, wrong);
    expect(await hashOf(owner.id)).toMatch(/^\$scrypt\$ln=4,/);
  });

  it("lets in each of several sign-ins at once", async () => {
    const owner = await account("hash_at_once");
    const answers = await Promise.all([1, 2, 3].map(() => logIn(owner.email)));
    expect(statuses(answers)).toEqual([200, 200, 200]);
    expect(await hashOf(owner.id)).toMatch(today);
  });
});

describe("A refresh token that comes back", () => {
  it("is told to the tenant and remembered, with the session", async () => {
    const owner = await signedIn("reuse_told");
    const refresh = (refresh_token: string) =>
      send("POST", "/api/v1/auth/refresh", { refresh_token }, from(stranger));
    const second = await bodyOf<{ refresh_token: string }>(await refresh(owner.refreshToken), 200);
    await bodyOf(await refresh(second.refresh_token), 200);
    expect((await refresh(owner.refreshToken)).status).toBe(401);
    const told = await eventOf("reuse_told", "security.suspicious_activity");
    const [sessionId] = owner.refreshToken.split(".");
    expect(told).toMatchObject({
      entity_id: owner.id,
      data: { kind: "refresh_token_reused", session_id: sessionId, ip: stranger },
    });
    const audited = env.DB.prepare(
      "SELECT details, ip FROM audit_log WHERE target_id = ? AND action = 'security.suspicious_activity'",
    );
    const entry = await audited.bind(owner.id).first<{ details: string; ip: string }>();
    expect(JSON.parse(entry?.details ?? "")).toEqual({ kind: "refresh_token_reused", session_id: sessionId });
    expect(entry?.ip).toBe(stranger);
  });

  it("several times at once is told once", async () => {
    const owner = await signedIn("reuse_once");
    const refresh = (refresh_token: string) => send("POST", "/api/v1/auth/refresh", { refresh_token });
    const second = await bodyOf<{ refresh_token: string }>(await refresh(owner.refreshToken), 200);
    await bodyOf(await refresh(second.refresh_token), 200);
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => refresh(owner.refreshToken)));
    expect(new Set(statuses(answers))).toEqual(new Set([401]));
    await eventOf("reuse_once", "security.suspicious_activity");
    const audited = env.DB.prepare(
      "SELECT count(*) AS n FROM audit_log WHERE target_id = ? AND action = 'security.suspicious_activity'",
    );
    expect(await audited.bind(owner.id).first("n")).toBe(1);
  });
});
