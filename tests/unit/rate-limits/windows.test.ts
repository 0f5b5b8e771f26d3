import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallsAsked } from "#src/objects/call-counts-api.ts";
import { type CallWindow, grantCalls } from "#src/rate-limits/windows.ts";

const start = 1_800_000_000_000;
const minute = { seconds: 60, most: 100 };
const hour = { seconds: 3600, most: 150 };

/** Asks one after the other; gives the answers. */
function asking(...steps: (Partial<CallsAsked> & { at?: number })[]) {
  let windows: CallWindow[] = [];
  return steps.map(({ at = 0, ...asked }, index) => {
    const question = { key: "", limits: [minute, hour], wanted: 0, reserve: 0, grant: `${index}`, ...asked };
    const granted = grantCalls(windows, question, start + at);
    windows = granted.windows;
    return granted.answer;
  });
}

const grants = (...steps: Parameters<typeof asking>) => asking(...steps).map(({ granted }) => granted);

describe("A window of calls", () => {
  it("gives what is asked for, and in the end what is left", () => {
    expect(grants({ wanted: 60 }, { wanted: 60 }, { wanted: 1 })).toEqual([60, 40, 0]);
  });

  it("begins with its first call, is over when its time is, and no call moves it", () => {
    const steps = [
      { wanted: 1, at: 5000 },
      { wanted: 99, at: 64_999 },
      { at: 64_999 },
      { wanted: 9, at: 65_000 },
    ];
    const [first, , last, next] = asking(...steps);
    expect(first?.windows[0]).toEqual({ remaining: 99, resetsIn: 60_000 });
    expect(last?.windows[0]).toEqual({ remaining: 0, resetsIn: 1 });
    expect(next).toMatchObject({
      granted: 9,
      windows: [{ remaining: 91, resetsIn: 60_000 }, { remaining: 41 }],
    });
  });

  it("is not begun by a question that asks for nothing", () => {
    const [, later] = asking({ wanted: 0 }, { wanted: 1, at: 30_000 });
    expect(later?.windows[0]?.resetsIn).toBe(60_000);
  });

  it("has room only where every longer one has", () => {
    expect(grants({ wanted: 100 }, { wanted: 100, at: 60_000 }, { wanted: 1, at: 120_000 })).toEqual([
      100, 50, 0,
    ]);
  });

  it("takes back what was not used, once, in every window that is still the same", () => {
    const former = { grant: "0", unused: 40 };
    const [, , within] = asking({ wanted: 100 }, { former }, { former });
    expect(within?.windows).toMatchObject([{ remaining: 40 }, { remaining: 90 }]);
    const [, after] = asking({ wanted: 100 }, { former, at: 60_000 });
    expect(after?.windows).toMatchObject([{ remaining: 100 }, { remaining: 90 }]);
  });

  it("counts by the limits that it is asked with: a higher tier has more at once, a lower one less", () => {
    const [higher, lower] = [[{ seconds: 60, most: 300 }], [{ seconds: 60, most: 10 }]];
    expect(grants({ wanted: 100 }, { wanted: 201, limits: higher }, { wanted: 1, limits: lower })).toEqual([
      100, 200, 0,
    ]);
  });
});

describe("A reserve", () => {
  it("is a fiftieth of the smallest limit at most, of all isolates together", () => {
    expect(grants({ wanted: 1, reserve: 50 }, { wanted: 1, reserve: 50 })).toEqual([3, 1]);
    const first = { grant: "0", unused: 0 };
    expect(
      grants({ wanted: 1, reserve: 1 }, { wanted: 1, reserve: 9 }, { reserve: 9, former: first }),
    ).toEqual([2, 2, 1]);
  });

  it("is none of what others wait for", () => {
    expect(grants({ wanted: 99 }, { wanted: 1, reserve: 5 })).toEqual([99, 1]);
  });

  it("of an isolate that never asks again stays within that share in every window", () => {
    const day = { seconds: 86_400, most: 500 };
    const minutes = Array.from({ length: 30 }, (_, index) => ({
      wanted: 1,
      reserve: 9,
      at: index * 60_000,
      limits: [minute, day],
    }));
    // Nobody comes back: each isolate has asked once.
    const granted = grants(...minutes).reduce((sum, one) => sum + one, 0);
    expect(granted - minutes.length).toBe(10);
  });
});

describe("A clock that is changed", () => {
  it("forward by more than a window frees once", () => {
    expect(grants({ wanted: 100 }, { wanted: 100, at: 90_000_000 }, { wanted: 1, at: 90_000_000 })).toEqual([
      100, 100, 0,
    ]);
  });

  it("back frees nobody, and locks nobody for longer than a window from then on", () => {
    const back = -90_000_000;
    const steps = [{ wanted: 100 }, { wanted: 1, at: back }, { wanted: 1, at: back + 59_999 }];
    expect(grants(...steps, { wanted: 50, at: back + 60_000 })).toEqual([100, 0, 0, 50]);
    const [, locked] = asking({ wanted: 100 }, { wanted: 1, at: back });
    expect(locked?.windows).toEqual([
      { remaining: 0, resetsIn: 60_000 },
      { remaining: 50, resetsIn: 3_600_000 },
    ]);
  });

  it("in whatever way, never keeps a caller out for longer than a window", () => {
    const jump = fc.integer({ min: -10_000_000, max: 10_000_000 });
    fc.assert(
      fc.property(fc.array(fc.record({ jump, wanted: fc.nat(80) }), { maxLength: 20 }), (jumps) => {
        let windows: CallWindow[] = [];
        let now = start;
        const ask = (wanted: number, grant: string) => {
          const granted = grantCalls(windows, { key: "", limits: [minute], wanted, reserve: 0, grant }, now);
          windows = granted.windows;
          return granted.answer;
        };
        for (const [index, { jump: by, wanted }] of jumps.entries()) {
          now += by;
          const {
            windows: [window],
          } = ask(wanted, `${index}`);
          expect(window?.resetsIn).toBeLessThanOrEqual(60_000);
        }
        now += 60_000;
        expect(ask(100, "last").granted).toBe(100);
      }),
    );
  });
});
