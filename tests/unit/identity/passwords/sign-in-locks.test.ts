import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { account, anotherSession, later, logIn, password, signedIn } from "#tests/support/accounts.ts";
import { tenantObject } from "#tests/support/objects.ts";
import { bodyOf, eventOf } from "#tests/support/personas.ts";
import { runJobs } from "#workers/gateway/jobs.ts";
import { statuses, stranger, wrong } from "../sign-ins.ts";

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
