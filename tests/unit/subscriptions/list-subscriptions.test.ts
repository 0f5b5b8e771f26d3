import { describe, expect, it } from "vitest";
import { subscriptions } from "#src/db/schema/index.ts";
import { call } from "../../support/api.ts";
import { createUser } from "../../support/users.ts";
import { operator } from "../administration/accounts.ts";
import { db, list, path, store } from "./admin-subscriptions.ts";

describe("GET /admin/subscriptions", () => {
  it("filters by status and tier, newest first, page by page", async () => {
    const admin = await operator();
    await db.update(subscriptions).set({ status: "active", tier: "free", endDate: null });
    const made: string[] = [];
    for (const at of [1, 2, 3]) {
      const { userId } = (await createUser("sub_list")).actor;
      await store(userId, { status: "past_due", tier: "premium", createdAt: at });
      made.unshift(userId);
    }
    await store((await createUser("sub_list")).actor.userId, { status: "past_due", tier: "basic" });
    const both = "status=past_due&tier=premium";
    const all = await list(admin, both);
    expect(all).toMatchObject({ total_count: 3, page: 1, limit: 20, total_pages: 1 });
    expect(all.subscriptions.map(({ user_id }) => user_id)).toEqual(made);
    const second = await list(admin, `${both}&limit=2&page=2`);
    expect(second).toMatchObject({ total_count: 3, page: 2, limit: 2, total_pages: 2 });
    expect(second.subscriptions.map(({ user_id }) => user_id)).toEqual(made.slice(2));
    expect((await list(admin, "status=past_due")).total_count).toBe(4);
    expect((await list(admin, "tier=premium")).total_count).toBe(3);
    expect((await list(admin, "status=canceled")).subscriptions).toEqual([]);
  });

  it.each(["page=0", "limit=0", "limit=101", "status=gone", "tier=gold"])("refuses %s", async (query) => {
    const { headers } = await operator();
    expect((await call(`${path}?${query}`, { headers })).status).toBe(400);
  });
});
