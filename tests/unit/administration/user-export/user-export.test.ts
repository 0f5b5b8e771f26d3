import { env } from "cloudflare:workers";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { exportPage } from "#src/administration/user-export/export-repository.ts";
import { exportPageRows } from "#src/administration/user-export/export-users.ts";
import { type ExportUsers, exportFields } from "#src/administration/user-export/schemas.ts";
import { database } from "#src/db/client.ts";
import { call } from "#tests/support/api.ts";
import { bodyOf } from "#tests/support/personas.ts";
import { createUser } from "#tests/support/users.ts";
import { ask, operator, path } from "../accounts.ts";
import { exported, set } from "./exports.ts";

const csvOf = async (body: object): Promise<string[][]> => {
  const answer = await exported({ format: "csv", ...body });
  expect(answer.status).toBe(200);
  return z.array(z.array(z.string())).parse(parse(await answer.text()));
};

interface JsonFile {
  users: Record<string, unknown>[];
  count: number;
  exported_at: string;
}

const jsonOf = async (body: object) => bodyOf<JsonFile>(await exported({ format: "json", ...body }), 200);

describe("The file", () => {
  it("as CSV is an attachment with a header and the usual columns, the newest first", async () => {
    const [older, newer] = [await createUser("export_csv"), await createUser("export_csv")];
    await set(older.actor.userId, "created_at = 0");
    const answer = await exported({ format: "csv", filters: { client_id: "export_csv" } });
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="users_export.csv"');
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const [header, first, second, ...rest] = parse(await answer.text());
    expect(header).toEqual(["id", "email", "role", "client_id", "subscription_tier", "created_at"]);
    expect(first?.slice(0, 5)).toEqual([
      newer.actor.userId,
      newer.actor.email,
      "user",
      "export_csv",
      "enterprise",
    ]);
    expect([second?.[0], second?.[5]]).toEqual([older.actor.userId, "1970-01-01T00:00:00.000Z"]);
    expect(rest).toEqual([]);
  });

  it("as JSON tells how many there are and when it was made", async () => {
    const { userId, email } = (await createUser("export_json")).actor;
    const answer = await exported({
      format: "json",
      filters: { client_id: "export_json" },
      fields: ["id", "email", "is_active", "last_login_at"],
    });
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="users_export.json"');
    const { users, count, exported_at } = await bodyOf<JsonFile>(answer, 200);
    expect(users).toEqual([{ id: userId, email, is_active: true, last_login_at: null }]);
    expect(count).toBe(1);
    expect(Date.parse(exported_at)).toBeGreaterThan(Date.now() - 60_000);
  });

  it("without any account is a whole file all the same", async () => {
    expect(await csvOf({ filters: { client_id: "export_none" }, fields: ["id"] })).toEqual([["id"]]);
    expect(await jsonOf({ filters: { client_id: "export_none" } })).toMatchObject({ users: [], count: 0 });
  });

  it("has every column that may be asked for, in the order asked for", async () => {
    const { userId, email } = (await createUser("export_fields")).actor;
    await env.DB.prepare(
      "UPDATE user_profiles SET first_name = ?, last_name = ?, company = ?, phone = ? WHERE user_id = ?",
    )
      .bind("Änne", 'O"Neil', "Two\nlines, Ltd", "030 1", userId)
      .run();
    const fields = exportFields.toReversed();
    const [header, row] = await csvOf({ filters: { client_id: "export_fields" }, fields });
    expect(header).toEqual(fields);
    expect(Object.fromEntries(fields.map((field, index) => [field, row?.[index]]))).toMatchObject({
      id: userId,
      email,
      is_active: "true",
      email_verified: "false",
      first_name: "Änne",
      last_name: 'O"Neil',
      company: "Two\nlines, Ltd",
      phone: "030 1",
      total_logins: "0",
      last_login_at: "",
    });
  });

  it("holds no deleted account and no formula", async () => {
    const [deleted, evil] = [await createUser("export_evil"), await createUser("export_evil")];
    await set(deleted.actor.userId, "deleted_at = 1");
    await env.DB.prepare("UPDATE user_profiles SET company = ? WHERE user_id = ?")
      .bind('=HYPERLINK("http://evil.example","x")', evil.actor.userId)
      .run();
    const wanted = { filters: { client_id: "export_evil" }, fields: ["id", "company"] };
    expect((await csvOf(wanted)).slice(1)).toEqual([
      [evil.actor.userId, '\'=HYPERLINK("http://evil.example","x")'],
    ]);
    // JSON is no spreadsheet.
    expect((await jsonOf(wanted)).users).toMatchObject([
      { company: '=HYPERLINK("http://evil.example","x")' },
    ]);
  });
});

describe("Filters", () => {
  const client_id = "export_filters";

  it.each([
    [{ role: "moderator" }, ["moderator"]],
    [{ subscription_tier: "basic" }, ["basic"]],
    [{ is_active: false }, ["off"]],
    [{ is_active: true, subscription_tier: "enterprise" }, ["moderator"]],
    [{ created_after: "1970-01-01T00:00:02+00:00", created_before: "1970-01-01T00:00:04Z" }, ["off"]],
    [{ created_before: "1970-01-01T01:00:02+01:00" }, ["basic"]],
    [{ created_after: "2100-01-01T00:00:00Z" }, []],
    // Dates: the day they name is in, as a beginning and as an end.
    [{ role: "moderator", created_after: "1970-01-01", created_before: "1970-01-01" }, ["moderator"]],
    [{ role: "moderator", created_before: "1969-12-31" }, []],
    [{ role: "moderator", created_after: "1970-01-02" }, []],
  ])("%j", async (filters, expected) => {
    const accounts = {
      moderator: await createUser(client_id, { role: "moderator" }),
      basic: await createUser(client_id, { tier: "basic" }),
      off: await createUser(client_id, { tier: "premium" }),
    };
    const ids = Object.values(accounts).map(({ actor }) => actor.userId);
    await set(accounts.moderator.actor.userId, "created_at = 4000");
    await set(accounts.basic.actor.userId, "created_at = 1000");
    await set(accounts.off.actor.userId, "created_at = 3000, is_active = 0");
    const { users } = await jsonOf({ filters: { client_id, ...filters }, fields: ["id"] });
    const names = Object.entries(accounts).filter(([, { actor }]) =>
      users.some(({ id }) => id === actor.userId),
    );
    expect(names.map(([name]) => name)).toEqual(expected);
    for (const id of ids) await set(id, "deleted_at = 1");
  });

  const planOf = async (filters: ExportUsers["filters"]): Promise<string> => {
    const { sql, params } = exportPage(database(env.DB), filters, [1, "x"], exportPageRows).toSQL();
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...params)
      .all<{ detail: string }>();
    return results.map(({ detail }) => detail).join("\n");
  };

  it.each([
    [{}, "users_listed"],
    [{ client_id }, "users_client"],
    [{ subscription_tier: "free" }, "users_tier"],
    [{ role: "admin" }, "users_role"],
    [{ is_active: true }, "users_active"],
    [{ created_after: 1, created_before: 9 }, "users_listed"],
  ] as const)("%j have an index that also gives the order", async (filters, index) => {
    const plan = await planOf(filters);
    expect(plan).toContain(`SEARCH users USING INDEX ${index}`);
    expect(plan).not.toMatch(/SCAN|TEMP B-TREE/);
  });

  it("that come together still have one", async () => {
    const plan = await planOf({ client_id, subscription_tier: "free", role: "user", is_active: true });
    expect(plan).toMatch(/SEARCH users USING INDEX users_(client|tier|role|active)/);
    expect(plan).not.toMatch(/SCAN|TEMP B-TREE/);
  });
});

describe("Who asks, and for what", () => {
  it.each(["user", "moderator"] as const)("no %s exports", async (role) => {
    expect((await ask(await operator(role), "POST", "/export", { format: "csv" })).status).toBe(403);
    expect((await call(`${path}/export`, { method: "POST" })).status).toBe(401);
  });

  it.each([
    {},
    { format: "xml" },
    { format: "csv", fields: ["password_hash"] },
    { format: "csv", fields: ["id", "id"] },
    { format: "csv", fields: [] },
    { format: "csv", filters: { role: "king" } },
    { format: "csv", filters: { email: "x" } },
    { format: "csv", filters: { created_after: "yesterday" } },
    { format: "csv", other: 1 },
  ])("refuses %j", async (body) => {
    expect(await bodyOf(await exported(body), 400)).toMatchObject({ error: "VALIDATION_ERROR" });
  });

  it("is remembered with what was asked for", async () => {
    const admin = await operator();
    await (
      await ask(admin, "POST", "/export", { format: "csv", filters: { client_id: "export_audit" } })
    ).text();
    const row = await env.DB.prepare("SELECT * FROM audit_log WHERE actor_id = ?")
      .bind(admin.actor.userId)
      .first();
    expect(row).toMatchObject({ action: "users.exported", target_id: "export_audit" });
    expect(JSON.parse(z.string().parse(row?.details))).toMatchObject({
      format: "csv",
      filters: { client_id: "export_audit" },
    });
  });
});
