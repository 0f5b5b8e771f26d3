import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { describe, expect, it, vi } from "vitest";
import { rhythm } from "#src/observability/hand-over.ts";
import { createApp } from "#workers/gateway/app.ts";
import { call } from "../../support/api.ts";
import { createUser } from "../../support/users.ts";

const bare = await new Hono().use(secureHeaders()).request("/");
bare.headers.delete("content-type");
const all = Object.fromEntries(bare.headers);
const {
  "origin-agent-cluster": _agent,
  "x-dns-prefetch-control": _prefetch,
  "x-download-options": _download,
  "x-permitted-cross-domain-policies": _policies,
  "x-xss-protection": _filter,
  ...whatJsonNeeds
} = all;
const session = "/api/v1/auth/session";

describe("An answer", () => {
  it.each(["/api/docs", "/assets/api-reference.js"])(
    "of %s has what hono's secure headers are",
    async (path) => {
      const answer = await call(path);
      await answer.body?.cancel();
      expect(Object.fromEntries(answer.headers)).toMatchObject(all);
    },
  );

  it.each(["/health", session, "/nowhere"])("of %s has those of them that concern JSON", async (path) => {
    const answer = await call(path);
    await answer.body?.cancel();
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject(whatJsonNeeds);
    expect(headers).not.toHaveProperty("x-download-options");
  });

  it("of an operation has the same, an id and a trace", async () => {
    const { token } = await createUser("answered");
    const headers = { authorization: `Bearer ${token}`, "x-request-id": "mine-12345" };
    const answer = await call(session, { headers });
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...whatJsonNeeds,
      "content-type": "application/json",
      vary: "Origin",
      "x-request-id": "mine-12345",
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
    });
  });
});

describe("An authenticated request that nothing has to be waited for", () => {
  it("checks no signature but its token's first, sets no timer, and asks neither a database nor an object", async () => {
    const { token } = await createUser("frugal");
    // What it has counted is handed over behind it, with whatever else is counted meanwhile.
    Object.assign(rhythm, { everyMs: 60_000, gatherMs: 60_000 });
    const asked = vi.fn();
    const told = <T extends object>(binding: T, names: readonly (keyof T)[]): T =>
      new Proxy(binding, {
        get(target, name) {
          const value = Reflect.get(target, name);
          if (typeof value !== "function") return value;
          return (...given: unknown[]) => {
            if (names.some((each) => each === name)) asked(name);
            return value.apply(target, given);
          };
        },
      });
    const bindings = {
      ...env,
      DB: told(env.DB, ["prepare", "batch"]),
      ACCESS_GATE: told(env.ACCESS_GATE, ["getByName"]),
    };
    const app = createApp();
    const ask = async () => {
      const request = new Request(`http://platform.test${session}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return (await app.fetch(request, bindings, createExecutionContext())).json();
    };
    const [verify, timer] = [vi.spyOn(crypto.subtle, "verify"), vi.spyOn(globalThis, "setTimeout")];
    const first = await ask();
    expect(verify).toHaveBeenCalledTimes(1);
    vi.clearAllMocks();
    for (let again = 0; again < 10; again++) expect(await ask()).toEqual(first);
    expect([verify, timer, asked].map(({ mock }) => mock.calls)).toEqual([[], [], []]);
    vi.restoreAllMocks();
  });
});
