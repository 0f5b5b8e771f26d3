import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { forgetLease } from "#src/objects/access-lease.ts";
import { later } from "#tests/support/accounts.ts";
import { configure, configureNothing } from "#tests/support/configuration.ts";
import { limitAndLeft, limitedGateway, statuses } from "#tests/support/limited-gateway.ts";
import { metricNow } from "#tests/support/metrics.ts";
import { createUser, createUserWithSession, tokenFor } from "#tests/support/users.ts";

type Gateway = ReturnType<typeof limitedGateway>;

/** So many calls one after the other. */
async function times(count: number, call: () => Promise<Response>): Promise<Response[]> {
  const answers: Response[] = [];
  for (let each = 0; each < count; each++) answers.push(await call());
  return answers;
}

const session = "/api/v1/auth/session";
const refresh = (gateway: Gateway, ip: string) =>
  gateway("/api/v1/auth/refresh", {
    method: "POST",
    headers: { "content-type": "application/json", "cf-connecting-ip": ip },
    body: JSON.stringify({ refresh_token: "none" }),
  });

describe("The answers to an account", () => {
  it("say at each step what its tier may do and what is left, in both ways that are usual", async () => {
    const { headers } = await createUser("limits_headers", { tier: "free" });
    const gateway = limitedGateway();
    const before = Math.floor(Date.now() / 1000);
    const answers = await times(61, () => gateway(session, { headers }));
    expect(answers.map(limitAndLeft)).toEqual(
      Array.from({ length: 61 }, (_, call) => ["60", String(Math.max(0, 59 - call))]),
    );
    for (const { headers: said } of answers) {
      const reset = Number(said.get("x-ratelimit-reset"));
      expect(reset).toBeGreaterThanOrEqual(before + 60);
      expect(reset).toBeLessThanOrEqual(Math.floor(Date.now() / 1000) + 61);
      expect(said.get("ratelimit")).toMatch(/^"minute";r=\d+;t=(60|5\d)$/);
      expect(said.get("ratelimit-policy")).toBe(
        '"minute";q=60;w=60, "hour";q=1000;w=3600, "day";q=10000;w=86400',
      );
    }
    expect(statuses(answers)).toEqual({ 200: 60, 429: 1 });
  });

  it("beyond the limit are 429 in the one shape, and say when to come again", async () => {
    const { headers } = await createUser("limits_beyond", { tier: "free" });
    const gateway = limitedGateway();
    await times(60, () => gateway(session, { headers }));
    const refused = await gateway(session, { headers });
    const body = await refused.json<Record<string, unknown>>();
    expect({ status: refused.status, body }).toEqual({
      status: 429,
      body: {
        error: "RATE_LIMITED",
        message: "More than 60 calls in a minute",
        details: { limit: 60, window: "minute", retry_after: expect.any(Number) },
        request_id: expect.any(String),
      },
    });
    const seconds = Number(refused.headers.get("retry-after"));
    expect(body.details).toMatchObject({ retry_after: seconds });
    expect(await later((seconds - 2) * 1000, () => gateway(session, { headers }))).toMatchObject({
      status: 429,
    });
    const again = await later(seconds * 1000, () => gateway(session, { headers }));
    expect([again.status, ...limitAndLeft(again)]).toEqual([200, "60", "59"]);
  });

  it.each([
    ["free", "60"],
    ["basic", "300"],
    ["premium", "1000"],
  ] as const)("of the tier %s have the limit %s", async (tier, limit) => {
    const { headers } = await createUser("limits_tiers", { tier });
    const [limited] = limitAndLeft(await limitedGateway()(session, { headers }));
    expect(limited).toBe(limit);
  });

  it("of the tier enterprise are not limited, and say nothing of limits", async () => {
    const { headers } = await createUser("limits_none", { tier: "enterprise" });
    const gateway = limitedGateway();
    const answers = await Promise.all(Array.from({ length: 70 }, () => gateway(session, { headers })));
    expect(statuses(answers)).toEqual({ 200: 70 });
    const said = answers.flatMap((answer) =>
      [...answer.headers.keys()].filter((name) => name.includes("ratelimit")),
    );
    expect(said).toEqual([]);
  });

  it("say it of every call, whatever comes of it: who may not, what is not there, what cannot be read", async () => {
    const { headers } = await createUser("limits_refusals", { tier: "free" });
    const gateway = limitedGateway();
    const post = (body: string) => gateway("/api/v1/projects", { method: "POST", headers: json, body });
    const json = { ...headers, "content-type": "application/json" };
    const answers = [
      await gateway("/api/v1/admin/users", { headers }),
      await gateway(`/api/v1/projects/${crypto.randomUUID()}`, { headers }),
      await post("{"),
      await post("{}"),
      await post('{"name": "One"}'),
    ];
    expect(answers.map((answer) => [answer.status, limitAndLeft(answer)[1]])).toEqual([
      [403, "59"],
      [404, "58"],
      [400, "57"],
      [400, "56"],
      [201, "55"],
    ]);
  });

  it("follow the tier: with a token of a higher one there is more at once", async () => {
    const { actor, headers } = await createUser("limits_raised", { tier: "free" });
    const gateway = limitedGateway();
    await times(60, () => gateway(session, { headers }));
    expect((await gateway(session, { headers })).status).toBe(429);
    const raised = { authorization: `Bearer ${await tokenFor({ ...actor, tier: "basic" })}` };
    const answer = await gateway(session, { headers: raised });
    expect([answer.status, ...limitAndLeft(answer)]).toEqual([200, "300", "239"]);
  });

  it("count a socket that a ticket opens by the tier of who has asked for the ticket", async () => {
    const { headers } = await createUserWithSession("limits_ticket", { tier: "basic" });
    const gateway = limitedGateway();
    const answer = await gateway("/api/v1/ws/ticket", { method: "POST", headers });
    const { ticket } = await answer.json<{ ticket: string }>();
    const opened = await gateway(`/ws?ticket=${ticket}`, { headers: { upgrade: "websocket" } });
    opened.webSocket?.accept();
    opened.webSocket?.close();
    expect([opened.status, ...limitAndLeft(opened)]).toEqual([101, "300", "298"]);
  });
});

describe("What the operator configures", () => {
  afterEach(configureNothing);

  it("is said of the hour when that is over before the minute", async () => {
    const { headers } = await createUser("limits_hour", { tier: "basic" });
    await configure({ rate_limits: { basic: { minute: 10, hour: 12 } } });
    const gateway = limitedGateway();
    const answers = await times(5, () => gateway(session, { headers }));
    const next = await later(60_000, () => times(8, () => gateway(session, { headers })));
    expect([...answers, ...next].map((answer) => limitAndLeft(answer).join(" of "))).toEqual([
      ...["10 of 9", "10 of 8", "10 of 7", "10 of 6", "10 of 5"],
      ...["12 of 6", "12 of 5", "12 of 4", "12 of 3", "12 of 2", "12 of 1", "12 of 0", "12 of 0"],
    ]);
    expect(next.at(-1)?.status).toBe(429);
    expect(Number(next.at(-1)?.headers.get("retry-after"))).toBeGreaterThan(3000);
  });

  it("holds for the tiers that it names, and for the periods", async () => {
    const { headers } = await createUser("limits_configured", { tier: "free" });
    await configure({ rate_limits: { free: { minute: null, day: 20 } } });
    const answer = await limitedGateway()(session, { headers });
    expect(limitAndLeft(answer)).toEqual(["20", "19"]);
    expect(answer.headers.get("ratelimit-policy")).toBe('"hour";q=1000;w=3600, "day";q=20;w=86400');
  });
});

describe("Who has not said who they are", () => {
  it("is limited by address where Cloudflare says it, for signing in more strictly", async () => {
    const gateway = limitedGateway();
    const answers = await Promise.all(Array.from({ length: 120 }, () => refresh(gateway, "203.0.113.1")));
    expect(statuses(answers)).toEqual({ 401: 100, 429: 20 });
    expect(limitAndLeft(await refresh(gateway, "203.0.113.2"))).toEqual(["100", "99"]);
    const other = await gateway(session, { headers: { "cf-connecting-ip": "203.0.113.1" } });
    expect([other.status, ...limitAndLeft(other)]).toEqual([401, "300", "299"]);
  });

  it("counts as signing in who tries the operator's token", async () => {
    const headers = { "cf-connecting-ip": "203.0.113.5", authorization: "Bearer guess" };
    const answer = await limitedGateway()("/internal/health", { headers });
    expect([answer.status, ...limitAndLeft(answer)]).toEqual([401, "100", "99"]);
  });

  it("counts with every call that lacks a good token, in the whole network of an IPv6 customer", async () => {
    const gateway = limitedGateway();
    const calls = Array.from({ length: 310 }, (_, call) =>
      gateway(session, {
        headers: {
          "cf-connecting-ip": `2001:db8:0:1::${call.toString(16)}`,
          authorization: `Bearer no.${call}`,
        },
      }),
    );
    expect(statuses(await Promise.all(calls))).toEqual({ 401: 300, 429: 10 });
  });

  it("counts also where a socket is refused for the page that it is asked for by, or a parameter that is none", async () => {
    const gateway = limitedGateway();
    const at = { "cf-connecting-ip": "203.0.113.70" };
    const page = await gateway("/ws", { headers: { ...at, origin: "https://evil.example" } });
    expect([page.status, ...limitAndLeft(page)]).toEqual([403, "300", "299"]);
    const nonsense = await gateway("/ws?batch=7", { headers: at });
    expect([nonsense.status, ...limitAndLeft(nonsense)]).toEqual([400, "300", "298"]);
  });

  it("cannot say where they are where nobody vouches for the header: then all are at one place", async () => {
    const gateway = limitedGateway({ TRUST_CLIENT_IP: "false" });
    const left = async (ip: string) => Number(limitAndLeft(await refresh(gateway, ip))[1]);
    expect((await left("203.0.113.8")) - (await left("203.0.113.9"))).toBe(1);
  });

  it("takes nothing from an account at the same address", async () => {
    const { headers } = await createUser("limits_neighbour", { tier: "free" });
    const gateway = limitedGateway();
    const at = { "cf-connecting-ip": "203.0.113.20" };
    await Promise.all(Array.from({ length: 310 }, () => gateway(session, { headers: at })));
    expect(await gateway(session, { headers: { ...at, ...headers } })).toMatchObject({ status: 200 });
  });

  it("may ask for the platform's health also beyond that", async () => {
    const gateway = limitedGateway();
    const headers = { "cf-connecting-ip": "203.0.113.40" };
    await Promise.all(Array.from({ length: 300 }, () => gateway(session, { headers })));
    expect((await gateway(session, { headers })).status).toBe(429);
    expect((await gateway("/health", { headers })).status).toBe(200);
  });

  it("is turned away in floods before their token is looked at", async () => {
    const asked: string[] = [];
    let isFlood = false;
    const FLOODS: RateLimit = {
      limit: async ({ key }) => {
        asked.push(key);
        return { success: !isFlood };
      },
    };
    const gateway = limitedGateway({ FLOODS });
    const at = { "cf-connecting-ip": "203.0.113.30" };
    const { headers } = await createUser("limits_flood");
    expect((await gateway(session, { headers: { ...at, ...headers } })).status).toBe(200);
    isFlood = true;
    const answer = await gateway(session, { headers: { ...at, authorization: "Bearer no.token" } });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "10"]);
    expect((await refresh(gateway, "203.0.113.30")).status).toBe(429);
    // Whose token this isolate has verified is not asked about.
    expect((await gateway(session, { headers: { ...at, ...headers } })).status).toBe(200);
    expect(asked).toEqual(["203.0.113.30", "203.0.113.30", "203.0.113.30"]);
  });
});

describe("A limiter that cannot be reached", () => {
  it("lets a call through, and that is counted", async () => {
    const { headers } = await createUser("limits_lost", { tier: "free" });
    const uncounted = () => metricNow("ai_persona_uncounted_calls_total", {});
    const before = await uncounted();
    const gateway = limitedGateway();
    await runInDurableObject(env.ACCESS_GATE.getByName("limits_lost"), (_, { storage }) => {
      storage.sql.exec("DROP TABLE call_counts");
    });
    const answer = await gateway(session, { headers });
    expect([answer.status, ...limitAndLeft(answer)]).toEqual([200, null, null]);
    await vi.waitFor(async () => expect(await uncounted()).toBeGreaterThan(before), 5000);
    forgetLease("limits_lost");
  });
});

it("Every operation documents the refusal, and what it says", async () => {
  const document = await (await limitedGateway()("/openapi.json")).json<{ paths: Record<string, object> }>();
  const responses = Object.values(document.paths).flatMap((item) =>
    Object.values(item).flatMap((operation) => (operation.responses ? [operation.responses["429"]] : [])),
  );
  expect(responses.length).toBeGreaterThan(100);
  for (const response of responses)
    expect(Object.keys(response?.headers ?? {})).toEqual([
      "Retry-After",
      "X-RateLimit-Limit",
      "X-RateLimit-Remaining",
      "X-RateLimit-Reset",
      "RateLimit",
      "RateLimit-Policy",
    ]);
});
