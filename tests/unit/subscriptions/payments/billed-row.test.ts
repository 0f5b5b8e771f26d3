import { describe, expect, it } from "vitest";
import type { Billed } from "#src/providers/index.ts";
import { billedRow } from "#src/subscriptions/payments/billed-row.ts";
import { subscriptionRow } from "../rows.ts";

const [start, end, now, graceMs] = [1000, 9000, 5000, 700];
const billed = (change: Partial<Billed> = {}): Billed => ({
  id: "sub_1",
  customerId: "cus_1",
  userId: "user-1",
  tier: "basic",
  interval: "year",
  status: "active",
  periodStart: start,
  periodEnd: end,
  cancelledAt: null,
  endsAt: null,
  paymentMethod: "pm_1",
  ...change,
});
const free = subscriptionRow({ tier: "free", billingInterval: null });
const paid = subscriptionRow({ tier: "basic", externalId: "sub_1", customerId: "cus_1", startDate: 10 });
const at = { now, graceMs };

describe("A subscription as the payment provider has it", () => {
  it("begins with the first period that is paid, in the place of the free one", () => {
    expect(billedRow(free, billed(), at)).toMatchObject({
      id: free.id,
      tier: "basic",
      status: "active",
      startDate: start,
      currentPeriodStart: start,
      currentPeriodEnd: end,
      billingInterval: "year",
      externalId: "sub_1",
      customerId: "cus_1",
      paymentMethod: "pm_1",
      endDate: null,
    });
  });

  it("keeps its start when another period is paid", () => {
    expect(billedRow(paid, billed(), at)).toMatchObject({ startDate: 10, currentPeriodEnd: end });
  });

  it.each([
    ["active", billed(), paid, { status: "active", endDate: null, cancelledAt: null }],
    ["trialing", billed({ status: "trialing" }), paid, { status: "trialing", trialEndsAt: end }],
    [
      "cancelled for its end",
      billed({ cancelledAt: 3000, endsAt: end }),
      paid,
      { status: "canceled", endDate: end, cancelledAt: 3000 },
    ],
    ["ended", billed({ status: "ended", endsAt: 4000 }), paid, { status: "expired", endDate: 4000 }],
    [
      "ended, at no time that it says",
      billed({ status: "ended" }),
      paid,
      { status: "expired", endDate: now },
    ],
    [
      "behind with a payment, for the first time",
      billed({ status: "past_due" }),
      paid,
      { status: "past_due", endDate: now + graceMs },
    ],
    [
      "behind still",
      billed({ status: "past_due" }),
      { ...paid, status: "past_due" as const, endDate: 5100 },
      { status: "past_due", endDate: 5100 },
    ],
    [
      "paid after all",
      billed(),
      { ...paid, status: "past_due" as const, endDate: 5100 },
      { status: "active", endDate: null },
    ],
  ])("is %s there and here", (_, there, before, here) => {
    expect(billedRow(before, there, at)).toMatchObject(here);
  });
});
