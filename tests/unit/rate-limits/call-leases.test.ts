import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallsAsked } from "#src/objects/call-counts-api.ts";
import { CallLeases } from "#src/rate-limits/call-leases.ts";
import { CountingGate, goOn, isolatesAt, minute, ToldClock } from "#tests/support/counting.ts";

/** One isolate, and what it asks with. */
function isolate(most: number) {
  const clock = new ToldClock();
  const gate = new CountingGate(clock);
  const limits = minute(most);
  const [take] = isolatesAt(clock, gate, limits, 1);
  if (!take) throw new Error("no isolate");
  return { clock, gate, take };
}

describe("An isolate", () => {
  it("asks once for all who wait at the same time, beside the one who came first", async () => {
    const { gate, take } = isolate(60);
    const taken = await Promise.all(Array.from({ length: 200 }, () => take()));
    expect(taken.filter(({ isAllowed }) => isAllowed)).toHaveLength(60);
    expect(gate.questions).toBeLessThanOrEqual(3);
  });

  it("that lets through many a second asks seldom, one that lets through few asks for each", async () => {
    const busy = isolate(100_000);
    for (let call = 0; call < 2000; call++) {
      busy.clock.at += 1;
      await busy.take();
    }
    expect(busy.gate.questions).toBeLessThan(10);
    const idle = isolate(100_000);
    for (let call = 0; call < 20; call++) {
      idle.clock.at += 2500;
      await idle.take();
    }
    expect(idle.gate.questions).toBe(20);
  });

  it("knows at each call what is left", async () => {
    const { clock, take } = isolate(1000);
    for (let call = 1; call <= 1000; call++) {
      clock.at += 20;
      const { isAllowed, standing } = await take();
      expect({ isAllowed, remaining: standing.remaining }).toEqual({
        isAllowed: true,
        remaining: 1000 - call,
      });
      expect(standing.resetsAt).toBe(1_800_000_000_020 + 60_000);
    }
    expect(await take()).toMatchObject({ isAllowed: false, standing: { remaining: 0 } });
  });

  it("that was refused believes it for a second, then asks again: others may have given something back", async () => {
    const { clock, gate, take } = isolate(1);
    await take();
    expect((await take()).isAllowed).toBe(false);
    const { questions } = gate;
    clock.at += 999;
    expect((await take()).isAllowed).toBe(false);
    expect(gate.questions).toBe(questions);
    const [window] = gate.windows;
    if (!window) throw new Error("no window");
    gate.windows = [{ ...window, used: 0 }];
    clock.at += 1;
    expect((await take()).isAllowed).toBe(true);
  });

  it("lets a dear call through only whole", async () => {
    const { take } = isolate(10);
    const taken = [await take(6), await take(6), await take(4), await take()];
    expect(taken.map(({ isAllowed }) => isAllowed)).toEqual([true, false, true, false]);
  });

  it("asks anew with other limits: a changed tier counts at once", async () => {
    const clock = new ToldClock();
    const gate = new CountingGate(clock);
    const leases = new CallLeases(clock);
    const take = (most: number) =>
      leases.take({ key: "caller", limits: minute(most), gate: () => gate }, 1, goOn);
    for (let call = 0; call < 60; call++) await take(60);
    expect((await take(60)).isAllowed).toBe(false);
    expect(await take(300)).toMatchObject({ isAllowed: true, standing: { remaining: 239 } });
    expect((await take(60)).isAllowed).toBe(false);
  });

  it("uses nothing of a window that is over, also when its clock was put back", async () => {
    const { clock, gate, take } = isolate(1000);
    for (let call = 0; call < 50; call++) await take();
    const { questions } = gate;
    clock.at -= 10;
    await take();
    expect(gate.questions).toBe(questions + 1);
    clock.at += 60_000;
    expect((await take()).standing.remaining).toBe(999);
  });
});

describe("A gate that does not answer", () => {
  const failing = () => {
    let questions = 0;
    let isAway = true;
    const clock = new ToldClock();
    const gate = new CountingGate(clock);
    const takeCalls = async (asked: CallsAsked) => {
      questions += 1;
      if (isAway) throw new Error("away");
      return gate.takeCalls(asked);
    };
    const [take] = isolatesAt(clock, { takeCalls }, minute(60), 1);
    if (!take) throw new Error("no isolate");
    return {
      clock,
      take,
      questions: () => questions,
      comeBack: () => {
        isAway = false;
      },
    };
  };

  it("is told to who asks, and is not asked again for a second", async () => {
    const { clock, take, questions, comeBack } = failing();
    await expect(take()).rejects.toThrow("away");
    clock.at += 999;
    await expect(take()).rejects.toThrow("lately");
    expect(questions()).toBe(1);
    comeBack();
    clock.at += 1;
    expect(await take()).toMatchObject({ isAllowed: true, standing: { remaining: 59 } });
  });

  it("is told to all who wait", async () => {
    const { take } = failing();
    const taken = await Promise.allSettled(Array.from({ length: 20 }, () => take()));
    expect(taken.every(({ status }) => status === "rejected")).toBe(true);
  });
});

describe("Several isolates", () => {
  const calls = fc.array(
    fc.record({ by: fc.nat(5), pause: fc.nat(40), atOnce: fc.integer({ min: 1, max: 60 }) }),
    {
      minLength: 1,
      maxLength: 40,
    },
  );

  it("let through never more than the limit in a window, and at least 98 % of it before they refuse, in whatever order they ask", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        calls,
        fc.integer({ min: 1, max: 600 }),
        async (scheduler, steps, most) => {
          const clock = new ToldClock();
          const gate = new CountingGate(clock);
          const takeCalls = scheduler.scheduleFunction((asked: CallsAsked) => gate.takeCalls(asked));
          const isolates = isolatesAt(clock, { takeCalls }, minute(most), 6);
          const taking = steps.flatMap(({ by, pause, atOnce }) => {
            clock.at += pause;
            return Array.from({ length: atOnce }, () => isolates[by]?.());
          });
          const taken = await scheduler.waitFor(Promise.all(taking));
          const allowed = taken.filter((one) => one?.isAllowed).length;
          expect(allowed).toBeLessThanOrEqual(most);
          if (allowed < taken.length) expect(allowed).toBeGreaterThanOrEqual(0.98 * most);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("that call one after the other share the limit as well, through many windows", async () => {
    const paces = fc.array(
      fc.record({ by: fc.nat(3), pause: fc.nat(400), calls: fc.integer({ min: 1, max: 40 }) }),
      {
        maxLength: 120,
      },
    );
    await fc.assert(
      fc.asyncProperty(paces, fc.integer({ min: 1, max: 500 }), async (steps, most) => {
        const clock = new ToldClock();
        const gate = new CountingGate(clock);
        const isolates = isolatesAt(clock, gate, minute(most), 4);
        const allowedIn = new Map<number, number>();
        const refusedIn = new Set<number>();
        for (const { by, pause, calls: count } of steps) {
          for (let call = 0; call < count; call++) {
            clock.at += pause;
            const taken = await isolates[by]?.();
            const window = gate.windows[0]?.startedAt ?? 0;
            if (taken?.isAllowed) allowedIn.set(window, (allowedIn.get(window) ?? 0) + 1);
            else refusedIn.add(window);
          }
        }
        for (const allowed of allowedIn.values()) expect(allowed).toBeLessThanOrEqual(most);
        for (const window of refusedIn) expect(allowedIn.get(window)).toBeGreaterThanOrEqual(0.98 * most);
      }),
      { numRuns: 100 },
    );
  });
});
