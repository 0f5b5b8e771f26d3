import { env } from "cloudflare:workers";
import { asc, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { auditLog } from "#src/db/schema/index.ts";
import { send } from "../../support/api.ts";
import { bodyOf, copywriter, type Instance, makeInstance, makeTemplate } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const instances = "/api/v1/personas/instances";
const makeProject = async (user: TestUser) =>
  (await bodyOf<{ id: string }>(await send("POST", "/api/v1/projects", { name: "Mine" }, user.headers), 201))
    .id;

describe("An instance lies in a project of its owner", () => {
  it("when it is made and when it is moved", async () => {
    const owner = await createUser("projects_own");
    const project = await makeProject(owner);
    const { id: template_id } = await makeTemplate("projects_own");
    const body = { template_id, name: "x", project_id: project };
    const made = await bodyOf<Instance>(await send("POST", instances, body, owner.headers), 201);
    expect(made).toMatchObject({ project_id: project });
    const move = (project_id: string | null) =>
      send("PATCH", `${instances}/${made.id}`, { project_id }, owner.headers);
    expect(await bodyOf(await move(null), 200)).toMatchObject({ project_id: null });
    expect(await bodyOf(await move(project), 200)).toMatchObject({ project_id: project });
    const list = await send("GET", `${instances}?project_id=${project}`, undefined, owner.headers);
    expect(await bodyOf(list, 200)).toMatchObject({ count: 1, instances: [{ id: made.id }] });
  });

  it("and in no other: not a neighbour's, not another tenant's, not one that is none", async () => {
    const owner = await createUser("projects_other");
    const { id: template_id } = await makeTemplate("projects_other");
    const { id } = await makeInstance(owner);
    for (const [project_id, status] of [
      [await makeProject(await createUser("projects_other")), 403],
      [await makeProject(await createUser("projects_far")), 404],
      ["0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c", 404],
    ] as const) {
      const made = await send("POST", instances, { template_id, name: "x", project_id }, owner.headers);
      const moved = await send("PATCH", `${instances}/${id}`, { project_id }, owner.headers);
      expect([made.status, moved.status]).toEqual([status, status]);
    }
  });
});

describe("The audit log remembers", () => {
  const db = database(env.DB);
  const actionsOf = async (user: TestUser) =>
    (
      await db
        .select()
        .from(auditLog)
        .where(eq(auditLog.actorId, user.actor.userId))
        .orderBy(asc(auditLog.createdAt), asc(auditLog.id))
    ).map(({ action, targetId, clientId }) => ({ action, targetId, clientId }));
  const post = (user: TestUser, path: string, body: unknown = {}) =>
    send("POST", `/api/v1${path}`, body, user.headers);
  const put = (user: TestUser, path: string, body: unknown) =>
    send("PUT", `/api/v1${path}`, body, user.headers);
  const remove = (user: TestUser, path: string) => send("DELETE", `/api/v1${path}`, {}, user.headers);

  it("what administrators do to templates, agent definitions and clients, and not what was refused", async () => {
    const user = await createUser("operator", { role: "admin" });
    const { id } = await bodyOf<{ id: string }>(await post(user, "/templates", copywriter), 201);
    await put(user, `/templates/${id}`, { name: "Renamed" });
    await remove(user, `/templates/${id}`);
    await remove(user, `/templates/${id}`);
    const definition = { type: "audited", display_name: "Audited", category: "data-driven" };
    const { id: agent } = await bodyOf<{ id: string }>(
      await post(user, "/admin/agent-definitions", definition),
      201,
    );
    await post(user, "/admin/agent-definitions", definition);
    await put(user, "/admin/agent-definitions/audited", { display_name: "Renamed" });
    await remove(user, "/admin/agent-definitions/audited");
    await post(user, "/admin/clients", { client_id: "audit_made", display_name: "Made" });
    await post(user, "/admin/clients", { client_id: "audit_made", display_name: "Twice" });
    await remove(user, "/admin/clients/audit_made");
    const own = { clientId: "operator" };
    expect(await actionsOf(user)).toEqual([
      { action: "template.created", targetId: id, ...own },
      { action: "template.updated", targetId: id, ...own },
      { action: "template.deleted", targetId: id, ...own },
      { action: "agent_definition.created", targetId: agent, ...own },
      { action: "agent_definition.updated", targetId: agent, ...own },
      { action: "agent_definition.deleted", targetId: agent, ...own },
      { action: "client.created", targetId: "audit_made", clientId: "audit_made" },
      { action: "client.updated", targetId: "audit_made", clientId: "audit_made" },
    ]);
  });

  it("what they do to the instances of others, under the tenant it happened in; owners are left alone", async () => {
    const owner = await createUser("audit_tenant");
    const user = await createUser("operator", { role: "admin" });
    const { id } = await makeInstance(owner);
    await send("PATCH", `${instances}/${id}`, { name: "By its owner" }, owner.headers);
    await put(user, `/admin/clients/audit_tenant/instances/${id}/config`, { config: { temperature: 0 } });
    await put(user, `/admin/agents/${id}/status`, { is_active: false, reason: "x" });
    await put(user, `/admin/agents/${id}/status`, { is_active: false, reason: "x" });
    await post(user, `/admin/agents/${id}/restart`);
    const rest = { targetId: id, clientId: "audit_tenant" };
    expect(await actionsOf(user)).toEqual([
      { action: "instance.updated", ...rest },
      { action: "instance.status.changed", ...rest },
      { action: "instance.restarted", ...rest },
    ]);
    expect((await actionsOf(owner)).filter(({ targetId }) => targetId === id)).toEqual([]);
  });
});
