import { describe, expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";
import { operator, registered } from "../administration/accounts.ts";
import { eventsOf, store } from "./admin-subscriptions.ts";

describe("Other ways to change a subscription", () => {
  it("a tier given by user administration puts one that has ended in force again, and tells", async () => {
    const [admin, target] = [await operator(), await registered("sub_followed")];
    await store(target.id, { status: "expired", tier: "premium", trialEndsAt: 1000 });
    await send("PUT", `/api/v1/admin/users/${target.id}`, { subscription_tier: "premium" }, admin.headers);
    expect(await bodyOf(await call("/api/v1/subscription", { headers: target.headers }), 200)).toMatchObject({
      tier: "premium",
      status: "active",
      trial_ends_at: null,
    });
    await expect.poll(() => eventsOf("sub_followed")).toContain("subscription.updated");
  });

  it("another change of an account leaves it alone", async () => {
    const [admin, target] = [await operator(), await registered("sub_left")];
    await store(target.id, { status: "expired", tier: "premium" });
    await send("PUT", `/api/v1/admin/users/${target.id}`, { email_verified: true }, admin.headers);
    expect(await bodyOf(await call("/api/v1/subscription", { headers: target.headers }), 200)).toMatchObject({
      tier: "premium",
      status: "expired",
    });
  });

  it("ends with the account, and tells", async () => {
    const [admin, target] = [await operator(), await registered("sub_cancelled")];
    await send("DELETE", `/api/v1/admin/users/${target.id}`, {}, admin.headers);
    await expect.poll(() => eventsOf("sub_cancelled")).toContain("subscription.cancelled");
  });
});
