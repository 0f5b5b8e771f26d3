import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { pageOfUsers } from "#src/administration/users/administered-user-repository.ts";
import { listUsersQuery } from "#src/administration/users/schemas.ts";
import { database } from "#src/db/client.ts";

/** How SQLite carries out the list and its count, asked of the very statements that the list prepares. */
async function plansOf(query: Record<string, string>): Promise<string[]> {
  const statements: string[] = [];
  const listening = new Proxy(env.DB, {
    get: (target, name) => {
      if (name === "prepare") {
        return (sql: string) => {
          statements.push(sql);
          return target.prepare(sql);
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  await pageOfUsers(database(listening), listUsersQuery.parse(query), { limit: 20, offset: 0 });
  const plans = await Promise.all(
    statements.map((sql) =>
      env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(...(sql.match(/\?/g) ?? []).map(() => null))
        .all<{ detail: string }>(),
    ),
  );
  return plans.map(({ results }) => results.map(({ detail }) => detail).join("\n"));
}

it.each([
  [{}, "users_listed"],
  [{ client_id: "some_client" }, "users_client"],
  [{ role: "admin" }, "users_role"],
  [{ tier: "free" }, "users_tier"],
  [{ is_active: "true" }, "users_active"],
  [{ sort_by: "role" }, "users_role"],
  [{ sort_by: "tier" }, "users_tier"],
  [{ sort_by: "updated_at" }, "users_updated"],
  [{ sort_by: "last_login_at" }, "users_last_login"],
  [{ sort_by: "email" }, "users_email"],
  // Fewer letters than the index of address parts knows.
  [{ sort_by: "email", email: "pa" }, "users_email"],
] as const)("A list by %j has an index that gives its order, too", async (query, index) => {
  const [list] = await plansOf(query);
  expect(list).toContain(index);
  expect(list).not.toContain("TEMP B-TREE");
});

it.each([
  [{ client_id: "some_client" }, "users_client"],
  [{ role: "admin", is_active: "true" }, /users_(?:role|active)/],
  [{ tier: "free" }, "users_tier"],
] as const)("A count by %j looks only at what an index finds", async (query, index) => {
  const [, count] = await plansOf(query);
  expect(count).toMatch(index);
  expect(count).toContain("SEARCH users");
});
