import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decayed, lockoutKeys, secondsToWait } from "../../../src/identity/lockout.ts";

describe("The lockout", () => {
  it.each([
    [4, 0],
    [5, 30],
    [6, 60],
    [9, 480],
    [10, 900],
    [60, 900],
  ])("after %i failures at one address waits %i s", (failures, seconds) => {
    expect(secondsToWait("accountAtAddress", { failures, lastAt: 0 }, 0)).toBe(seconds);
  });

  it("never keeps an account's owner out for more than a minute, whoever fails elsewhere", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (failures) => {
        expect(secondsToWait("account", { failures, lastAt: 0 }, 0)).toBeLessThanOrEqual(60);
      }),
    );
  });

  it("decays: ten minutes forgive one failure", () => {
    expect(decayed("accountAtAddress", { failures: 6, lastAt: 0 }, 20 * 60_000)).toBe(4);
    expect(secondsToWait("accountAtAddress", { failures: 6, lastAt: 0 }, 20 * 60_000)).toBe(0);
  });

  it("counts one address for one account apart from the same address for another", () => {
    const keys = (email: string) => lockoutKeys(email, "10.0.0.1").map(({ key }) => key);
    expect(keys("a@test.example").filter((key) => keys("b@test.example").includes(key))).toEqual([
      "address:10.0.0.1",
    ]);
  });
});
