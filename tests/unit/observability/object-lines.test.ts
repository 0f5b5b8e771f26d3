import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { Refusals, type Refused } from "#durable-objects/access-gate/refusals.ts";
import { Receipts } from "#durable-objects/tenant-hub/receipts.ts";
import { logLevels } from "#src/kernel/log-level.ts";
import type { CallsAsked } from "#src/objects/call-counts-api.ts";
import { closeCodes } from "#src/realtime/index.ts";
import { api } from "../../support/api.ts";
import { present } from "../../support/personas.ts";
import { withBreaker, withGate, withHub } from "../../support/talkative-objects.ts";
import { createUser } from "../../support/users.ts";

const lineSchema = z.looseObject({ level: z.string(), service: z.string(), message: z.string() });
type Line = z.infer<typeof lineSchema>;

let written: Line[];
beforeEach(() => {
  written = [];
  for (const level of logLevels)
    vi.spyOn(console, level).mockImplementation((text: string) => {
      written.push(lineSchema.parse(JSON.parse(text)));
    });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** What a service has said of one thing, without what every line has. */
const linesOf = (service: string, about: Record<string, unknown>) =>
  written
    .filter(
      (line) =>
        line.service === service && Object.entries(about).every(([key, value]) => line[key] === value),
    )
    .map(({ time, service: _, ...line }) => line);

const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });

describe("A breaker says", () => {
  it("when it opens, half-opens and closes, once each", async () => {
    const nothing = { successes: 0, failures: 0 };
    const provider = "said";
    await withBreaker(provider, async (breaker) => {
      await breaker.record({ successes: 0, failures: 2 });
      await breaker.record({ successes: 0, failures: 1 });
      await breaker.admit(nothing);
      later(31_000);
      await breaker.admit(nothing);
      await breaker.admit(nothing);
      await breaker.record({ successes: 1, failures: 0, probe: 1 });
    });
    expect(linesOf("circuit-breaker", { provider })).toEqual([
      {
        level: "warn",
        message: "breaker opened",
        provider,
        consecutive_failures: 3,
        trips: 1,
        retry_at: expect.stringMatching(/Z$/),
      },
      { level: "info", message: "breaker half-open", provider },
      { level: "info", message: "breaker closed", provider, trips: 1 },
    ]);
  });

  it("when the operator switches its provider off and on", async () => {
    const provider = "said_off";
    await withBreaker(provider, async (breaker) => {
      await breaker.switchOff(true, 2);
      await breaker.switchOff(true, 2);
      await breaker.switchOff(false, 3);
    });
    expect(linesOf("circuit-breaker", { provider }).map(({ message }) => message)).toEqual([
      "provider switched off",
      "provider switched on",
    ]);
  });
});

describe("A gate says", () => {
  const asked = (key: string): CallsAsked => ({
    key,
    limits: [{ seconds: 60, most: 5 }],
    wanted: 1,
    reserve: 0,
    grant: crypto.randomUUID(),
  });

  it("that calls are refused: of a flood the first, and a minute later how many", async () => {
    const gate = "said_refusals";
    await withGate(gate, async (own) => {
      for (let call = 0; call < 5; call++) await own.takeCalls(asked("ada"));
      expect(linesOf("access-gate", { gate })).toEqual([]);
      for (let call = 0; call < 50; call++) await own.takeCalls(asked("ada"));
      later(59_000);
      await own.takeCalls({ ...asked("bob"), wanted: 7 });
      later(2000);
      await own.takeCalls(asked("cecilia"));
    });
    const line = { level: "warn", message: "calls refused", gate };
    expect(linesOf("access-gate", { gate })).toEqual([
      { ...line, calls: 1, callers: 1, most: "ada" },
      { ...line, calls: 51, callers: 2, most: "ada" },
    ]);
  });

  it("when its tenant is switched off and on, not when it stays so", async () => {
    const gate = "said_switch";
    await withGate(gate, async (own) => {
      for (const active of [true, false, false, true]) await own.setTenantActive(active);
    });
    expect(linesOf("access-gate", { gate }).map(({ message }) => message)).toEqual([
      "tenant switched off",
      "tenant switched on",
    ]);
  });

  it("of every refused call, whenever it came, and once a minute at most", () => {
    const call = fc.record({
      caller: fc.constantFrom("a", "b", "c"),
      refused: fc.nat(3),
      after: fc.nat(20_000),
    });
    fc.assert(
      fc.property(fc.array(call), (calls) => {
        const told: (Refused & { at: number })[] = [];
        let now = 0;
        const refusals = new Refusals((refused) => told.push({ ...refused, at: now }));
        for (const { caller, refused, after } of calls) {
          now += after;
          refusals.counted(caller, refused, now);
        }
        now += 60_000;
        refusals.counted("a", 0, now);
        const all = calls.reduce((sum, { refused }) => sum + refused, 0);
        expect(told.reduce((sum, { calls: some }) => sum + some, 0)).toBe(all);
        told.reduce((before, { at }) => {
          expect(at - before).toBeGreaterThanOrEqual(60_000);
          return at;
        }, Number.NEGATIVE_INFINITY);
      }),
    );
  });
});

describe("A hub says", () => {
  const callerIn = (clientId: string) => ({
    clientId,
    userId: `${clientId}_ada`,
    role: "user" as const,
    tier: "free" as const,
    permissions: [],
    sessionId: crypto.randomUUID(),
    expiresAt: Date.now() + 3_600_000,
  });
  const lines = (hub: string) => linesOf("tenant-hub", { hub });

  it("whose socket has opened, and with which code it is closed by the other side, but not with which words", async () => {
    const hub = "said_sockets";
    const whose = { hub, client_id: hub, user_id: `${hub}_ada`, is_stream: false };
    await withHub(callerIn(hub), async ({ hub: own, sockets }) => {
      for (const socket of sockets()) await own.webSocketClose(socket, 4711, "my password is Tea-4711");
    });
    expect(lines(hub)).toEqual([
      { level: "info", message: "socket opened", ...whose, sockets: 1 },
      { level: "info", message: "socket closed", ...whose, code: 4711 },
    ]);
  });

  it("with which code it has closed one, once, also when the other side answers", async () => {
    const hub = "said_ended";
    const caller = callerIn(hub);
    await withHub(caller, async ({ hub: own, sockets }) => {
      const open = sockets();
      await own.endSessions([caller.sessionId]);
      for (const socket of open) await own.webSocketClose(socket, 1000, "");
    });
    expect(lines(hub).slice(1)).toMatchObject([{ message: "socket closed", code: closeCodes.sessionEnded }]);
  });

  it("that it has closed one which does not take what it is sent, as a warning", async () => {
    const hub = "said_slow";
    vi.spyOn(Receipts.prototype, "hasRoom").mockReturnValue(false);
    await withHub(callerIn(hub), async () => undefined);
    expect(lines(hub).slice(1)).toMatchObject([
      { level: "warn", message: "slow socket closed", user_id: `${hub}_ada`, code: closeCodes.tooSlow },
    ]);
  });

  it("that it has its sockets again, after an eviction", async () => {
    const hub = "said_restored";
    await withHub(callerIn(hub), async ({ again }) => {
      again();
    });
    expect(lines(hub).slice(1)).toEqual([{ level: "info", message: "hub restored", hub, sockets: 1 }]);
  });

  it("so to whoever reads the logs", async () => {
    const hub = "said_kept";
    await withHub(callerIn(hub), async () => undefined);
    const { token } = await createUser("operator", { role: "admin" });
    const read = async () => {
      const query = { service: "tenant-hub", limit: 1000 };
      const { data } = await api(token).GET("/api/v1/admin/system/logs", { params: { query } });
      return typeof present(data) === "object" ? Object(data).logs : [];
    };
    const metadata = expect.objectContaining({ hub, user_id: `${hub}_ada` });
    await expect
      .poll(read)
      .toContainEqual(expect.objectContaining({ service: "tenant-hub", message: "socket opened", metadata }));
  });
});
