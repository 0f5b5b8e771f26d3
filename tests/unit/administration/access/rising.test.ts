import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { insertGrant } from "#src/administration/access/permission-repository.ts";
import { database } from "#src/db/client.ts";
import { send } from "#tests/support/api.ts";
import { bodyOf, copywriter, get, makeTemplate } from "#tests/support/personas.ts";
import { createClient, createUser, type TestUser } from "#tests/support/users.ts";

const home = "rising_home";
const users = "/api/v1/admin/users";
beforeAll(() => createClient(home));

/** Somebody with permissions, in the token and in the database. */
async function holder(clientId: string, ...granted: string[]): Promise<TestUser> {
  const user = await createUser(clientId, { permissions: granted });
  for (const permission of granted)
    await insertGrant(database(env.DB), user.actor.userId, permission, Date.now());
  return user;
}

describe("Whoever administers accounts by a permission", () => {
  it.each(["*", "admin.subscriptions", "personas.delete"])(
    "cannot become one who holds %s",
    async (permission) => {
      const by = await holder(home, "admin.users");
      const { userId } = (await holder(home, permission)).actor;
      const at = `${users}/${userId}`;
      const answers = [
        await send("POST", `${at}/password`, { new_password: "Another-Horse-8" }, by.headers),
        await send("PUT", at, { is_active: false }, by.headers),
        await send("DELETE", `${at}/permissions/${encodeURIComponent(permission)}`, {}, by.headers),
        await send("DELETE", `${at}/sessions`, { reason: "x" }, by.headers),
        await send("DELETE", at, {}, by.headers),
      ];
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
      const bulk = { user_ids: [userId], operation: "deactivate", reason: "x" };
      expect(await bodyOf(await send("POST", `${users}/bulk`, bulk, by.headers), 200)).toMatchObject({
        failed: 1,
      });
    },
  );

  it("reaches whoever holds no more than they do", async () => {
    const by = await holder(home, "admin.users", "personas.delete");
    const { userId } = (await holder(home, "personas.delete")).actor;
    const set = await send(
      "POST",
      `${users}/${userId}/password`,
      { new_password: "Another-Horse-8" },
      by.headers,
    );
    expect(set.status).toBeLessThan(300);
  });

  it("raises nobody's tier, not even their own, without admin.subscriptions", async () => {
    const by = await createUser(home, { permissions: ["admin.users"], tier: "free" });
    const other = await createUser(home, { tier: "free" });
    for (const { actor } of [by, other]) {
      const body = { subscription_tier: "enterprise" };
      expect((await send("PUT", `${users}/${actor.userId}`, body, by.headers)).status).toBe(403);
      const bulk = {
        user_ids: [actor.userId],
        operation: "upgrade_tier",
        params: { tier: "enterprise" },
        reason: "x",
      };
      expect(await bodyOf(await send("POST", `${users}/bulk`, bulk, by.headers), 200)).toMatchObject({
        failed: 1,
      });
    }
    const both = await createUser(home, { permissions: ["admin.users", "admin.subscriptions"] });
    const may = await send(
      "PUT",
      `${users}/${other.actor.userId}`,
      { subscription_tier: "basic" },
      both.headers,
    );
    expect(may.status).toBe(200);
  });
});

describe("In the operator's tenant a permission reaches as far as it says, whatever else is held", () => {
  it("personas.* and users.read stay within the tenant beside an administrative permission", async () => {
    const by = await holder("operator", "admin.system", "personas.create", "personas.delete", "users.read");
    const platform = await makeTemplate("operator");
    const foreign = await createUser(home);
    const made = await bodyOf<{ client_id: string | null }>(
      await send("POST", "/api/v1/templates", copywriter, by.headers),
      201,
    );
    expect(made.client_id).toBe("operator");
    const at = `/api/v1/templates/${platform.id}`;
    expect((await send("PUT", at, { name: "Taken over" }, by.headers)).status).toBe(403);
    expect((await send("DELETE", at, {}, by.headers)).status).toBe(403);
    expect((await get(`${users}/${foreign.actor.userId}`, by)).status).toBe(404);
    expect((await get(`${users}?client_id=${home}`, by)).status).toBe(403);
    expect((await get("/api/v1/admin/system/topics", by)).status).toBe(200);
  });

  it("is the platform's for accounts with admin.users, held by a moderator too", async () => {
    const foreign = await createUser(home);
    const by = await createUser("operator", { role: "moderator", permissions: ["admin.users"] });
    expect((await get(`${users}/${foreign.actor.userId}`, by)).status).toBe(200);
    const reader = await createUser("operator", { role: "moderator", permissions: ["admin.subscriptions"] });
    expect((await get(`${users}/${foreign.actor.userId}`, reader)).status).toBe(404);
  });
});
