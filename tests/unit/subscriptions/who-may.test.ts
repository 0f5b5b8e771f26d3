import { describe, expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";
import { createUser, tokenFor } from "../../support/users.ts";
import { operator } from "../administration/accounts.ts";
import { create, list, nobody, path, update } from "./admin-subscriptions.ts";

describe("Who may", () => {
  const operations = [
    ["GET", ""],
    ["POST", ""],
    ["PUT", `/${nobody}`],
  ] as const;
  const ask = (method: string, below: string, headers: Record<string, string>) =>
    method === "GET" ? call(`${path}${below}`, { headers }) : send(method, `${path}${below}`, {}, headers);

  it.each(operations)("nobody %s %s without a token", async (method, below) => {
    expect((await ask(method, below, {})).status).toBe(401);
  });

  it.each(operations)("neither users nor moderators %s %s", async (method, below) => {
    for (const role of ["user", "moderator"] as const) {
      const answer = await ask(method, below, (await operator(role)).headers);
      expect(await bodyOf(answer, 403)).toMatchObject({
        error: "INSUFFICIENT_PERMISSIONS",
        details: { required_permission: "admin.subscriptions" },
      });
    }
  });

  it.each(["admin.subscriptions", "*"])("users with the permission %s do it all", async (permission) => {
    const [clerk, target] = [await operator("user"), await createUser("sub_clerk", { tier: "free" })];
    const token = await tokenFor({ ...clerk.actor, permissions: [permission] });
    const able = { ...clerk, token, headers: { authorization: `Bearer ${token}` } };
    await list(able);
    await bodyOf(await create(able, { user_id: target.actor.userId, tier: "basic" }), 201);
    await bodyOf(await update(able, target.actor.userId, { tier: "premium" }), 200);
  });

  it("no holder of another permission", async () => {
    const clerk = await operator("user");
    const token = await tokenFor({ ...clerk.actor, permissions: ["admin.users", "personas.create"] });
    expect((await call(path, { headers: { authorization: `Bearer ${token}` } })).status).toBe(403);
  });
});
