import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { personaInstances } from "#src/db/schema/index.ts";
import {
  insertWithinQuotaStatement,
  updateInstanceStatement,
} from "#src/personas/instances/instance-repository.ts";
import { api, call, send } from "../../support/api.ts";
import { bodyOf, eventOf, makeTemplate, present } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const db = database(env.DB);

const make = async (user: TestUser, name: string) => {
  const { data } = await api(user.token).POST("/api/v1/projects", { body: { name, description: "" } });
  if (!data) throw new Error("not made");
  return data;
};

describe("Projects", () => {
  it("are made, listed newest first, changed in part, and deleted", async () => {
    const user = await createUser("projects_life");
    const [first, second] = [await make(user, "First"), await make(user, "Second")];
    const mine = api(user.token);
    const names = async () => (await mine.GET("/api/v1/projects")).data?.projects.map(({ name }) => name);
    expect(new Set(await names())).toEqual(new Set(["First", "Second"]));
    const params = { path: { project_id: first.id } };
    const { data } = await mine.PUT("/api/v1/projects/{project_id}", {
      params,
      body: { description: "About" },
    });
    expect(data).toMatchObject({ name: "First", description: "About" });
    expect((await mine.DELETE("/api/v1/projects/{project_id}", { params })).response.status).toBe(204);
    expect((await mine.GET("/api/v1/projects/{project_id}", { params })).response.status).toBe(404);
    expect(await names()).toEqual([second.name]);
  });

  it("are listed in pages, of which none leaves out or repeats a project", async () => {
    const user = await createUser("projects_pages");
    const made: string[] = [];
    for (const name of ["One", "Two", "Three", "Four", "Five"]) made.unshift((await make(user, name)).id);
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const query = { limit: 2, ...(cursor && { cursor }) };
      const { data } = await api(user.token).GET("/api/v1/projects", { params: { query } });
      if (!data) throw new Error("not listed");
      expect(data.projects.length).toBeLessThanOrEqual(2);
      seen.push(...data.projects.map(({ id }) => id));
      cursor = data.next_cursor ?? null;
    }
    expect(seen).toEqual(made);
  });

  it("have names of their own among the owner's active ones", async () => {
    const user = await createUser("projects_names");
    const first = await make(user, "Same");
    expect((await send("POST", "/api/v1/projects", { name: "Same" }, user.headers)).status).toBe(409);
    const other = await make(user, "Other");
    expect((await send("PUT", `/api/v1/projects/${other.id}`, { name: "Same" }, user.headers)).status).toBe(
      409,
    );
    await call(`/api/v1/projects/${first.id}`, { method: "DELETE", headers: user.headers });
    expect((await send("PUT", `/api/v1/projects/${other.id}`, { name: "Same" }, user.headers)).status).toBe(
      200,
    );
    await make(await createUser("projects_names"), "Same");
  });

  it("of another owner are forbidden in one's tenant and not found across tenants", async () => {
    const owner = await createUser("projects_owner");
    const { id } = await make(owner, "Mine");
    const statuses = async (user: TestUser) => [
      (await call(`/api/v1/projects/${id}`, { headers: user.headers })).status,
      (await send("PUT", `/api/v1/projects/${id}`, { name: "Theirs" }, user.headers)).status,
      (await call(`/api/v1/projects/${id}`, { method: "DELETE", headers: user.headers })).status,
    ];
    expect(await statuses(await createUser("projects_owner"))).toEqual([403, 403, 403]);
    expect(await statuses(await createUser("projects_elsewhere"))).toEqual([404, 404, 404]);
  });

  it("twelve made at once against a quota of three are three", async () => {
    const user = await createUser("projects_quota", { tier: "free" });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        send("POST", "/api/v1/projects", { name: `P${index}` }, user.headers),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(9);
  });

  it.each([
    ["an empty name", { name: " " }],
    ["a long name", { name: "x".repeat(256) }],
    ["an unknown field", { name: "x", owner_id: "me" }],
  ])("with %s are refused", async (_, body) => {
    const user = await createUser("projects_invalid");
    expect((await send("POST", "/api/v1/projects", body, user.headers)).status).toBe(400);
  });

  describe("that are deleted", () => {
    const remove = (user: TestUser, id: string) =>
      call(`/api/v1/projects/${id}`, { method: "DELETE", headers: user.headers });

    const instancesOf = async (user: TestUser, query = "") =>
      (
        await bodyOf<{ instances: { id: string; project_id: string | null }[] }>(
          await call(`/api/v1/personas/instances${query}`, { headers: user.headers }),
          200,
        )
      ).instances;

    async function instanceIn(user: TestUser, project_id: string, name: string) {
      const { id: template_id } = await makeTemplate(user.actor.clientId);
      const body = { template_id, project_id, name };
      const answer = await send("POST", "/api/v1/personas/instances", body, user.headers);
      return (await bodyOf<{ id: string }>(answer, 201)).id;
    }

    it("leave their instances, say how many, and tell of each", async () => {
      const user = await createUser("projects_detach");
      const [gone, kept] = [await make(user, "Gone"), await make(user, "Kept")];
      const [one, two] = [await instanceIn(user, gone.id, "One"), await instanceIn(user, gone.id, "Two")];
      const other = await instanceIn(user, kept.id, "Other");
      const answer = await remove(user, gone.id);
      expect([answer.status, answer.headers.get("x-detached-instances")]).toEqual([204, "2"]);
      const projectOf = new Map((await instancesOf(user)).map(({ id, project_id }) => [id, project_id]));
      expect([one, two, other].map((id) => projectOf.get(id) ?? null)).toEqual([null, null, kept.id]);
      const told = await Promise.all(
        [one, two].map((id) =>
          eventOf(user.actor.clientId, "instance.updated", ({ entity_id }) => entity_id === id),
        ),
      );
      expect(told.map(({ data }) => data)).toEqual([
        { instance_id: one, name: "One", changed: ["project_id"] },
        { instance_id: two, name: "Two", changed: ["project_id"] },
      ]);
      expect((await remove(user, kept.id)).headers.get("x-detached-instances")).toBe("1");
      expect((await remove(user, kept.id)).status).toBe(404);
    });

    it("take no instance in, also one that was on its way while they were there", async () => {
      const user = await createUser("projects_detach_late");
      const [gone, kept] = [await make(user, "Gone"), await make(user, "Kept")];
      const id = await instanceIn(user, kept.id, "Mine");
      const row = present(await db.select().from(personaInstances).where(eq(personaInstances.id, id)).get());
      await remove(user, gone.id);
      const late = { ...row, id: crypto.randomUUID(), projectId: gone.id };
      expect((await insertWithinQuotaStatement(db, late)).meta.changes).toBe(0);
      expect((await updateInstanceStatement(db, row, { ...row, projectId: gone.id })).meta.changes).toBe(0);
      expect((await updateInstanceStatement(db, row, { ...row, name: "Still" })).meta.changes).toBe(1);
    });
  });
});
