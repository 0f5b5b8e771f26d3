import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decayed,
  lockoutKeys,
  mailKeys,
  maxKept,
  secondsBehindOthers,
  secondsToWait,
} from "#src/identity/passwords/lockout.ts";

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

  it("decays from a bounded count, however many failures there were", () => {
    const hours = (maxKept("accountAtAddress") * 10) / 60;
    expect(decayed("accountAtAddress", { failures: 1_000_000, lastAt: 0 }, hours * 3_600_000)).toBe(0);
  });

  it("never gives a time that is negative or longer than its rule, and the time shrinks as it passes", () => {
    const scopes = ["accountAtAddress", "account", "address", "mailsFromAddress"] as const;
    fc.assert(
      fc.property(fc.constantFrom(...scopes), fc.nat(10_000), fc.nat(10_000_000), (scope, failures, now) => {
        const wait = secondsToWait(scope, { failures, lastAt: 0 }, now);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(900);
        expect(secondsToWait(scope, { failures, lastAt: 0 }, now + 1000)).toBeLessThanOrEqual(wait);
      }),
    );
  });
});

describe("A try that others overtook", () => {
  const at = (failures: number) => ({ failures, lastAt: 0 });
  it.each([
    ["the first ever", undefined, at(1), true, 0],
    ["the fifth, alone", at(4), at(5), true, 0],
    ["the fifth, beside another", at(3), at(5), true, 30],
    ["the fourth, beside another", at(2), at(4), true, 0],
    ["a right one, beside enough wrong ones", at(0), at(5), false, 30],
    ["a right one, alone", at(4), at(4), false, 0],
  ])("%s", (_, before, after, isCounted, seconds) => {
    expect(secondsBehindOthers("accountAtAddress", { before, after }, isCounted, 0)).toBe(seconds);
  });
});

describe("An address", () => {
  it("that is not known counts for nothing by itself", () => {
    expect(mailKeys("unknown")).toEqual([]);
    expect(lockoutKeys("a@test.example", "unknown").map(({ scope }) => scope)).toEqual([
      "accountAtAddress",
      "account",
    ]);
  });
});
