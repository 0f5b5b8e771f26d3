import { describe, expect, it } from "vitest";
import { isInForce } from "#src/subscriptions/is-in-force.ts";

const now = 1000;

describe("A subscription is in force", () => {
  it.each([
    ["active", null, null, true],
    ["active", null, now + 1, true],
    ["active", null, now, false],
    ["past_due", null, null, true],
    ["past_due", null, now, false],
    ["trialing", now + 1, null, true],
    ["trialing", now, null, false],
    ["canceled", null, now + 1, true],
    ["canceled", null, now, false],
    ["canceled", null, null, false],
    ["expired", null, null, false],
    ["expired", now + 1, now + 1, false],
  ] as const)("%s, trial until %s, term until %s: %s", (status, trialEndsAt, endDate, inForce) => {
    expect(isInForce({ status, trialEndsAt, endDate }, now)).toBe(inForce);
  });
});
