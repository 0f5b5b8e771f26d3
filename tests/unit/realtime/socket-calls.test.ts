import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { Outcome } from "#src/kernel/outcome.ts";
import { forgetLease } from "#src/objects/access-lease.ts";
import { callerOf } from "#src/realtime/connection.ts";
import { gatewayCalls, type SocketCall } from "#src/realtime/socket-calls.ts";
import { SocketCalls } from "#workers/gateway/socket-calls.ts";
import { api } from "../../support/api.ts";
import { accessGate } from "../../support/objects.ts";
import { createUserWithSession, type TestUser } from "../../support/users.ts";

/** The gateway as a hub asks it; with other settings, an isolate of its own. */
const gateway = (settings: Record<string, string> = {}) =>
  new SocketCalls(createExecutionContext(), Object.assign({}, env, settings));

const reading = ({ actor }: TestUser, project_id: string): SocketCall => ({
  operation: "getProject",
  caller: callerOf(actor),
  input: { params: { project_id } },
});

/** Somebody with a project, and the call with which a hub asks for it. */
async function owner(clientId: string) {
  const user = await createUserWithSession(clientId);
  const { data } = await api(user.token).POST("/api/v1/projects", { body: { name: "Mine" } });
  return { user, call: reading(user, data?.id ?? "") };
}

const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? "ok" : outcome.code);

describe("A call by a socket", () => {
  it("is refused when its session has ended, whatever the hub knows", async () => {
    const { user, call } = await owner("calls_session");
    expect(codeOf(await gateway().perform(call))).toBe("ok");
    await accessGate("calls_session").revokeSessions([user.actor.sessionId], Date.now() + 3_600_000);
    forgetLease("calls_session");
    expect(codeOf(await gateway().perform(call))).toBe("TOKEN_INVALID");
  });

  it("is refused when the access token that opened the socket has run out", async () => {
    const { call } = await owner("calls_expired");
    const caller = { ...call.caller, expiresAt: Date.now() - 1 };
    expect(codeOf(await gateway().perform({ ...call, caller }))).toBe("TOKEN_EXPIRED");
  });

  it("is refused when the account's tier has fallen below the socket's, which is to come again", async () => {
    const { user, call } = await owner("calls_tier");
    const { userId } = user.actor;
    const change = { userId, tier: "free" as const, changedAt: Date.now(), until: Date.now() + 3_600_000 };
    await accessGate("calls_tier").changeTiers([change]);
    forgetLease("calls_tier");
    expect(codeOf(await gateway().perform(call))).toBe("TOKEN_EXPIRED");
    const caller = { ...call.caller, tier: "free" as const };
    expect(codeOf(await gateway().perform({ ...call, caller }))).toBe("ok");
  });

  it("counts against the caller's limits as any other does", async () => {
    const { call } = await owner("calls_limited");
    const limited = gateway({ RATE_LIMITS: "on" });
    const caller = { ...call.caller, tier: "free" as const };
    const codes: string[] = [];
    while (codes.at(-1) !== "RATE_LIMITED" && codes.length < 5000)
      codes.push(codeOf(await limited.perform({ ...call, caller })));
    expect(new Set(codes)).toEqual(new Set(["ok", "RATE_LIMITED"]));
  });

  it("that an older gateway does not know is refused for now", async () => {
    const { call } = await owner("calls_unknown");
    const unknown = Object.assign({}, call, { operation: "toString" });
    expect(codeOf(await gateway().perform(unknown))).toBe("UPSTREAM_UNAVAILABLE");
  });

  it("that fails is said to have failed, and nothing of why", async () => {
    const { call } = await owner("calls_failing");
    const broken = new Proxy(env.DB, {
      get(target, name) {
        if (name === "prepare" || name === "withSession") throw new Error("D1_ERROR: secret");
        return Reflect.get(target, name);
      },
    });
    const failing = new SocketCalls(createExecutionContext(), { ...env, DB: broken });
    const outcome = await failing.perform(call);
    expect(outcome).toMatchObject({ ok: false, code: "INTERNAL_ERROR" });
    expect(JSON.stringify(outcome)).not.toContain("secret");
  });
});

it("A gateway that does not answer is given up after a while: the hub's caller is refused for now", async () => {
  const failed = vi.fn();
  const { promise } = Promise.withResolvers<Outcome<unknown>>();
  const caller = callerOf((await createUserWithSession("calls_hanging")).actor);
  const hanging = gatewayCalls({ perform: () => promise }, failed, 10);
  expect(codeOf(await hanging.perform({ operation: "getProject", caller, input: {} }))).toBe(
    "UPSTREAM_UNAVAILABLE",
  );
  expect(failed).toHaveBeenCalledTimes(1);
});
