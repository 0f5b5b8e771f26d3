import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { allOperations, type Operation } from "../support/operations.ts";
import { type PlannedQuery, plansOf } from "../support/query-plans.ts";
import { type TenantWorld, tenantWorld } from "../support/tenant-world.ts";
import { createUser, type TestUser } from "../support/users.ts";

/**
 * Reference data of a few rows, what has one for the whole platform, and the thousand of somebody's own personas whose names
 * are looked through, which an index has found; everything else grows.
 */
const small = ["subscription_tiers", "permissions", "platform_totals", "own"];

let world: TenantWorld;
let admin: TestUser;
beforeAll(async () => {
  world = await tenantWorld("query_plans");
  admin = await createUser("operator", { role: "admin" });
});

/** Lines of plans that look at every row of a table, without even an index that gives the order. */
const scans = (queries: PlannedQuery[]): string[] =>
  queries.flatMap(({ sql, plan }) =>
    plan
      .filter((line) => {
        const [, table] = /^SCAN (\w+)$/.exec(line) ?? [];
        return table !== undefined && sql.includes(`"${table}"`) && !small.includes(table);
      })
      .map((line) => `${line}: ${sql}`),
  );

const plansFor = async (operation: Operation): Promise<PlannedQuery[]> => {
  const address = operation.address(world.ids);
  return plansOf(address, admin.headers)
    .catch(() => plansOf(address, world.owner.headers))
    .catch(() => plansOf(address, world.admin.headers));
};

const reads = (await allOperations()).filter(
  ({ method, path }) => method === "GET" && !path.endsWith("/ws") && !path.endsWith("/events"),
);

it("The check sees a scan where there is one", async () => {
  const sql = 'SELECT * FROM "users" WHERE total_logins > 3';
  const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`).all<{ detail: string }>();
  expect(scans([{ sql, plan: results.map(({ detail }) => detail) }])).toEqual([`SCAN users: ${sql}`]);
  const queries = await plansOf("/api/v1/admin/users", admin.headers);
  expect(queries.length).toBeGreaterThanOrEqual(2);
});

describe("No GET looks at every row of a table", () => {
  it.each(reads.map((operation) => [operation.id, operation] as const))("%s", async (_, operation) => {
    expect(scans(await plansFor(operation))).toEqual([]);
  });
});
describe("Every filter of a list of administration has an index", () => {
  const user = () => world.ids.user_id;

  it.each<[string, () => string, RegExp]>([
    ["client_id", () => "users?client_id=query_plans", /SEARCH users USING INDEX users_client /],
    ["role", () => "users?role=admin", /SEARCH users USING INDEX users_role /],
    ["tier", () => "users?tier=free", /SEARCH users USING INDEX users_tier /],
    ["is_active", () => "users?is_active=false", /SEARCH users USING INDEX users_active /],
    ["email", () => "users?email=abc", /SCAN user_search VIRTUAL TABLE INDEX \d+:M/],
    ["several", () => "users?client_id=query_plans&role=user&tier=free&is_active=true", /SEARCH users/],
    ["status", () => "subscriptions?status=active", /SEARCH subscriptions USING INDEX subscriptions_status /],
    ["tier", () => "subscriptions?tier=free", /SEARCH subscriptions USING INDEX subscriptions_tier /],
    [
      "both",
      () => "subscriptions?status=active&tier=free",
      /subscriptions_status_tier \(status=\? AND tier=\?\)/,
    ],
    ["is_active", () => "clients?is_active=true", /SEARCH clients USING INDEX clients_active /],
    ["client_id", () => "audit?client_id=query_plans", /SEARCH audit_log USING INDEX audit_log_client /],
    ["action", () => "audit?action=user.updated", /SEARCH audit_log USING INDEX audit_log_action /],
    [
      "tenant and action",
      () => "audit?client_id=query_plans&action=user.updated",
      /SEARCH audit_log USING INDEX audit_log_client_action /,
    ],
    ["actor", () => `audit?actor=${user()}&client_id=query_plans&action=x`, /USING INDEX audit_log_actor /],
    ["target", () => `audit?target=${user()}&client_id=query_plans`, /USING INDEX audit_log_target /],
    ["period", () => "audit?from=2026-01-01&to=2026-02-01", /SEARCH audit_log USING INDEX audit_log_at /],
    ["user", () => `users/${user()}/audit`, /SEARCH audit_log USING INDEX audit_log_target /],
    ["user", () => `users/${user()}/activity`, /SEARCH audit_log USING INDEX audit_log_actor /],
    ["user", () => `users/${user()}/sessions`, /SEARCH sessions USING INDEX sessions_user /],
  ])("%s: %s", async (_, path, index) => {
    const queries = await plansOf(`/api/v1/admin/${path()}`, admin.headers);
    const lines = queries.flatMap(({ plan }) => plan);
    expect(lines.join("\n")).toMatch(index);
    // Without a filter a list is read along an index; with one not even that is needed.
    expect(
      lines.filter((line) => /^SCAN (?:users|subscriptions|clients|audit_log|sessions)\b/.test(line)),
    ).toEqual([]);
  });

  it.each([
    ["users", "created_at", "users_listed"],
    ["users", "updated_at", "users_updated"],
    ["users", "email", "users_email"],
    ["users", "last_login_at", "users_last_login"],
  ])("%s sorted by %s are read in that order", async (list, key, index) => {
    const [page] = await plansOf(`/api/v1/admin/${list}?sort_by=${key}`, admin.headers);
    expect(page?.plan).toEqual([`SCAN users USING INDEX ${index}`]);
  });
});
