import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { subscriptionStatuses } from "#src/db/schema/subscriptions.ts";
import { tiers } from "#src/kernel/actor.ts";
import { givenTier } from "#src/subscriptions/given-tier.ts";
import { isInForce } from "#src/subscriptions/is-in-force.ts";
import type { SubscriptionRow } from "#src/subscriptions/subscription-repository.ts";
import { moved, transitions } from "#src/subscriptions/transitions.ts";
import { subscriptionRow } from "./rows.ts";

const day = 86_400_000;
const begin = Date.UTC(2026, 0, 31);
const graceMs = 7 * day;

const status = fc.constantFrom(...subscriptionStatuses);
const step = fc.record({ to: status, after: fc.integer({ min: 0, max: 40 * day }), atOnce: fc.boolean() });

const first = fc
  .record({
    tier: fc.constantFrom(...tiers),
    billingInterval: fc.constantFrom("month" as const, "year" as const),
    trialDays: fc.integer({ min: 0, max: 30 }),
  })
  .map(({ tier, billingInterval, trialDays }): SubscriptionRow => {
    const isTrial = tier !== "free" && trialDays > 0;
    return subscriptionRow({
      tier,
      billingInterval,
      startDate: begin,
      status: isTrial ? "trialing" : "active",
      trialEndsAt: isTrial ? begin + trialDays * day : null,
    });
  });

/** What comes of a life of moves, each with what was before it. */
function* life(
  start: SubscriptionRow,
  steps: readonly { to: SubscriptionRow["status"]; after: number; atOnce: boolean }[],
) {
  let row = start;
  let now = begin;
  for (const { to, after, atOnce } of steps) {
    now += after;
    const next = moved(row, to, { now, graceMs, atOnce });
    yield { before: row, to, next, now, atOnce };
    row = next ?? row;
  }
}

const everyMove = (
  check: (move: ReturnType<typeof life> extends Generator<infer Move> ? Move : never) => void,
) =>
  fc.assert(
    fc.property(first, fc.array(step, { maxLength: 12 }), (start, steps) => {
      for (const move of life(start, steps)) check(move);
    }),
    { numRuns: 500 },
  );

describe("However a subscription is moved", () => {
  it("it moves only as the table says, while it is in force, and the free tier never", () => {
    everyMove(({ before, to, next, now }) => {
      const mayMove =
        before.tier !== "free" && isInForce(before, now) && transitions[before.status].includes(to);
      if (!mayMove) expect(next).toBeUndefined();
      else if (to !== "trialing") expect(next?.status).toBe(to);
    });
  });

  it("whose it is, what it gives and since when stays", () => {
    everyMove(({ before, next }) => {
      if (!next) return;
      const { status: _, endDate, trialEndsAt, cancelledAt, updatedAt, ...rest } = next;
      expect(before).toMatchObject(rest);
    });
  });

  it("it is in force afterwards unless it has expired or was ended at once, and the tier follows", () => {
    everyMove(({ before, next, now, atOnce, to }) => {
      if (!next) return;
      const isOver = to === "expired" || (to === "canceled" && (atOnce || before.status === "past_due"));
      expect(isInForce(next, now)).toBe(!isOver);
      expect(givenTier(next, now)).toBe(isOver ? "free" : before.tier);
    });
  });

  it("an active one has no end, a cancelled one ends with its period, one past due after the grace", () => {
    everyMove(({ next, now, before }) => {
      if (!next) return;
      if (["active", "trialing"].includes(next.status)) {
        expect([next.endDate, next.cancelledAt]).toEqual([null, null]);
      }
      if (next.status === "past_due") expect(next.endDate).toBe(now + graceMs);
      if (next.status === "canceled") {
        expect(next.cancelledAt).toBe(now);
        expect(next.endDate).toBeGreaterThanOrEqual(now);
        expect(next.endDate).toBeLessThanOrEqual(before.trialEndsAt ?? now + 366 * day);
      }
      if (next.status === "expired") expect(next.endDate).toBeLessThanOrEqual(now);
    });
  });

  it("what has expired moves no more", () => {
    everyMove(({ before, next }) => {
      if (before.status === "expired") expect(next).toBeUndefined();
    });
  });
});
