import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { insertGrant } from "#src/administration/access/permission-repository.ts";
import { database } from "#src/db/client.ts";
import { permissionNames } from "#src/kernel/permissions.ts";
import { operationsOpenedBy } from "#src/operation/opened-by.ts";
import { call, send } from "../../support/api.ts";
import { allOperations, type Operation } from "../../support/operations.ts";
import { bodyOf, get } from "../../support/personas.ts";
import { type TenantWorld, tenantWorld } from "../../support/tenant-world.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const operations = await allOperations();
const operationOf = (id: string): Operation => {
  const found = operations.find((operation) => operation.id === id);
  if (!found) throw new Error(`There is no operation ${id}`);
  return found;
};

let world: TenantWorld;
beforeAll(async () => {
  world = await tenantWorld(home);
});

const status = async (operation: Operation, { headers }: TestUser): Promise<number> => {
  const type: Record<string, string> =
    operation.body === undefined ? {} : { "content-type": "application/json" };
  const answer = await call(operation.address(world.ids), {
    method: operation.method,
    headers: { ...type, ...headers },
    // A request that gets past the check of rights and then changes nothing.
    body: operation.body === undefined ? undefined : "{}",
  });
  await answer.body?.cancel();
  return answer.status;
};

const home = "permissions_home";
/** Somebody with these permissions; what is the system's can only be seen from the operator's tenant. */
const holding = (granted: string[], clientId = home) => createUser(clientId, { permissions: granted });
const all = permissionNames;
const isDeletion = (id: string): boolean => operationOf(id).method === "DELETE";
const isRead = ({ method }: Operation) => method === "GET";

describe("Every permission", () => {
  it("is in the database to be granted, and listed with what it opens", async () => {
    const { results } = await env.DB.prepare("SELECT name FROM permissions ORDER BY name").all<{
      name: string;
    }>();
    expect(results.map(({ name }) => name)).toEqual(all);
    const admin = await createUser(home, { role: "admin" });
    const listed = await bodyOf<{ permissions: { name: string; operations: string[] }[] }>(
      await get("/api/v1/admin/permissions", admin),
      200,
    );
    expect(listed.permissions.map(({ name }) => name)).toEqual(all);
    expect((await get("/api/v1/admin/permissions", await holding([]))).status).toBe(403);
  });

  it.each(
    permissionNames
      .filter((name) => name !== "*")
      .flatMap((name) => operationsOpenedBy(name).map((id) => [name, id] as const))
      // Deletions last: they must not take away what others ask about.
      .toSorted(([, a], [, b]) => Number(isDeletion(a)) - Number(isDeletion(b))),
  )("%s opens %s, which is refused without", async (name, id) => {
    const operation = operationOf(id);
    const clientId = name === "admin.system" ? "operator" : home;
    // The thing of somebody else: what one has oneself needs no permission.
    expect([403, 404]).toContain(await status(operation, await holding([], clientId)));
    // The account that is administered holds `projects.manage`: nobody reaches who may more than they.
    const beside = name === "admin.users" ? ["projects.manage"] : [];
    const opened = await status(operation, await holding([name, ...beside], clientId));
    expect([401, 403], `${opened}`).not.toContain(opened);
    // A socket is opened by an upgrade, which is asked for behind all rights.
    if (isRead(operation)) expect(opened).toBe(operation.path.endsWith("/ws") ? 426 : 200);
    expect([401, 403]).not.toContain(await status(operation, await holding(["*"], clientId)));
  });

  it("is granted by its older spelling too", async () => {
    const admin = await createUser(home, { role: "admin" });
    const { actor } = await createUser(home);
    const path = `/api/v1/admin/users/${actor.userId}/permissions`;
    for (const [spelling, name] of [
      ["read:users", "users.read"],
      ["write:users", "admin.users"],
      ["manage:subscriptions", "admin.subscriptions"],
      ["system:admin", "admin.system"],
    ] as const) {
      const granted = await send("POST", path, { permission_name: spelling }, admin.headers);
      expect((await bodyOf<{ permissions: string[] }>(granted, 201)).permissions).toContain(name);
      expect(
        (await send("DELETE", `${path}/${encodeURIComponent(spelling)}`, {}, admin.headers)).status,
      ).toBe(204);
    }
  });
});

describe("Who administers accounts by a permission", () => {
  it("does not reach administrators, makes nobody one, and grants nothing that they lack", async () => {
    const holder = await holding(["admin.users"]);
    const admin = await createUser(home, { role: "admin" });
    const { actor } = await createUser(home);
    const path = (id: string) => `/api/v1/admin/users/${id}`;
    await insertGrant(database(env.DB), admin.actor.userId, "personas.delete", Date.now());
    const at = path(admin.actor.userId);
    const answers = [
      await send("PUT", at, { is_active: false }, holder.headers),
      await send("DELETE", at, {}, holder.headers),
      await send("DELETE", `${at}/sessions`, { reason: "x" }, holder.headers),
      await send("POST", `${at}/password`, { new_password: "Another-Horse-8" }, holder.headers),
      await send("POST", `${at}/permissions`, { permission_name: "admin.users" }, holder.headers),
      await send("DELETE", `${at}/permissions/personas.delete`, {}, holder.headers),
      await send("PUT", path(actor.userId), { role: "admin" }, holder.headers),
      await send("POST", `${path(actor.userId)}/permissions`, { permission_name: "*" }, holder.headers),
      await send(
        "POST",
        `${path(holder.actor.userId)}/permissions`,
        { permission_name: "*" },
        holder.headers,
      ),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
    const bulk = { user_ids: [admin.actor.userId], operation: "delete", reason: "x" };
    expect(
      await bodyOf(await send("POST", "/api/v1/admin/users/bulk", bulk, holder.headers), 200),
    ).toMatchObject({ failed: 1 });
    const may = await send("PUT", path(actor.userId), { email_verified: true }, holder.headers);
    expect(may.status).toBe(200);
  });
});
