import { afterEach, describe, expect, it, vi } from "vitest";
import { PersonaError } from "#client/errors.ts";
import { signedFetch } from "#client/signed-fetch.ts";
import { Session, type SessionTokens } from "#client/tokens.ts";

afterEach(() => {
  vi.useRealTimers();
});

const tokensOf = (n: number, expires_in = 3600): SessionTokens => ({
  access_token: `access-${n}`,
  refresh_token: `refresh-${n}`,
  expires_in,
});

/** A platform that trades refresh tokens, each once, and knows the newest access token only. */
function platform(first = 1) {
  let newest = first;
  const trades: string[] = [];
  const bodies: string[] = [];
  const kept: SessionTokens[] = [];
  return {
    trades,
    bodies,
    kept,
    /** The token that is good now is good no more. */
    revoke: () => newest++,
    async fetch(request: Request): Promise<Response> {
      const body = await request.text();
      if (request.url.endsWith("/auth/refresh")) {
        trades.push(body);
        if (body !== JSON.stringify({ refresh_token: `refresh-${trades.length}` }))
          return Response.json({ error: "TOKEN_INVALID", message: "Traded before" }, { status: 401 });
        newest = trades.length + 1;
        return Response.json(tokensOf(newest));
      }
      bodies.push(body);
      const isGood = request.headers.get("authorization") === `Bearer access-${newest}`;
      return Response.json(isGood ? {} : { error: "TOKEN_EXPIRED", message: "Ended" }, {
        status: isGood ? 200 : 401,
      });
    },
  };
}

const sessionAt = (world: ReturnType<typeof platform>, tokens: SessionTokens, now = () => 0) =>
  new Session({
    baseUrl: "http://platform.test",
    fetch: world.fetch,
    tokens,
    onTokens: (pair) => world.kept.push(pair),
    now,
  });

describe("A session", () => {
  it("trades its refresh token once, however many find their access token outdated", async () => {
    const world = platform();
    const session = sessionAt(world, tokensOf(1, 10));
    const tokens = await Promise.all(Array.from({ length: 20 }, () => session.get()));
    expect(new Set(tokens)).toEqual(new Set(["access-2"]));
    expect(world.trades).toHaveLength(1);
    expect(world.kept).toEqual([tokensOf(2)]);
  });

  it("trades before the access token ends, and not before that", async () => {
    const world = platform();
    let now = 0;
    const session = sessionAt(world, tokensOf(1), () => now);
    now = 3584_999;
    expect(await session.get()).toBe("access-1");
    now = 3585_000;
    expect(await session.get()).toBe("access-2");
  });

  it("whose trade is not answered, or still at work, makes the same trade again until it goes well", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const keys: (string | null)[] = [];
    const outcomes = [
      () => Promise.reject(new TypeError("fetch failed")),
      async () => Response.json({ error: "CONFLICT", message: "At work" }, { status: 409 }),
      async () => new Response("Bad gateway", { status: 502 }),
      () => Promise.reject(new TypeError("fetch failed")),
      async () => Response.json(tokensOf(2, 10)),
      async () => Response.json(tokensOf(3)),
    ];
    const session = new Session({
      baseUrl: "http://platform.test",
      tokens: tokensOf(1, 10),
      now: () => 0,
      fetch: (request) => {
        keys.push(request.headers.get("idempotency-key"));
        return outcomes[keys.length - 1]?.() ?? Promise.reject(new Error("Once too often"));
      },
    });
    const outcome = Promise.allSettled([session.get()]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await outcome).toMatchObject([{ status: "rejected", reason: expect.any(TypeError) }]);
    expect(await session.get()).toBe("access-2");
    expect(await session.get()).toBe("access-3");
    expect(new Set(keys.slice(0, 5)).size).toBe(1);
    expect(keys[0]).toEqual(expect.any(String));
    expect(keys[5]).not.toBe(keys[0]);
  });

  it("that has ended says so to all, and asks anew the next time", async () => {
    const world = platform();
    const session = sessionAt(world, { ...tokensOf(9, 0) });
    const refused = await Promise.allSettled([session.get(), session.get()]);
    for (const one of refused)
      expect(one).toMatchObject({
        status: "rejected",
        reason: expect.objectContaining({ code: "TOKEN_INVALID" }),
      });
    expect(world.trades).toHaveLength(1);
    await expect(session.get()).rejects.toBeInstanceOf(PersonaError);
    expect(world.trades).toHaveLength(2);
  });
});

describe("A signed call", () => {
  const post = () => new Request("http://platform.test/things", { method: "POST", body: "tea" });

  it("that is refused with the new token as well is not made a third time", async () => {
    const world = platform();
    const refusing = (request: Request) => {
      world.revoke();
      return world.fetch(request);
    };
    const answer = await signedFetch(refusing, sessionAt(world, tokensOf(1)))(post());
    expect(answer.status).toBe(401);
    expect(world.bodies).toEqual(["tea", "tea"]);
  });

  it("goes on after the token was revoked, with one trade for all", async () => {
    const world = platform();
    const call = signedFetch(world.fetch, sessionAt(world, tokensOf(1)));
    expect((await call(post())).status).toBe(200);
    world.revoke();
    const answers = await Promise.all([call(post()), call(post()), call(post())]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(world.trades).toHaveLength(1);
    expect(new Set(world.bodies)).toEqual(new Set(["tea"]));
  });

  it("of somebody who signs for themselves is left as it is", async () => {
    const world = platform();
    const call = signedFetch(world.fetch, sessionAt(world, tokensOf(0)));
    const own = new Request("http://platform.test/x", { headers: { authorization: "Bearer access-1" } });
    expect((await call(own)).status).toBe(200);
  });
});
