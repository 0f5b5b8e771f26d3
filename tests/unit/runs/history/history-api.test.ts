import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { waitingEvents } from "#src/events/event-outbox-repository.ts";
import { pageInstances } from "#src/personas/instances/instance-repository.ts";
import {
  pageTemplates,
  pageVersions,
  templatesUsableBy,
} from "#src/personas/templates/template-repository.ts";
import { pageClients } from "#src/tenants/client-repository.ts";
import { bodyOf, get, makeInstance, present, projectRun, projectUsage } from "#tests/support/personas.ts";
import { createUser, type TestUser } from "#tests/support/users.ts";

const at = (id: string, list: string) => `/api/v1/personas/instances/${id}/${list}`;
const start = Date.UTC(2026, 0, 1);

/** Every entry of a paged list, by following its cursors. */
async function all<T>(user: TestUser, path: string, list: string, limit: number): Promise<T[]> {
  const entries: T[] = [];
  for (let cursor = ""; ; ) {
    const page = await bodyOf<Record<string, unknown> & { next_cursor: string | null; count: number }>(
      await get(`${path}?limit=${limit}${cursor}`, user),
      200,
    );
    const part = page[list];
    if (!Array.isArray(part)) throw new Error(`no ${list}`);
    expect(part.length).toBe(page.count);
    entries.push(...part);
    if (page.next_cursor === null) return entries;
    expect(part.length).toBe(limit);
    cursor = `&cursor=${page.next_cursor}`;
  }
}

describe("The history of an instance", () => {
  it("has its runs newest first, in pages without gaps or repeats, also within one millisecond", async () => {
    const user = await createUser("history_pages");
    const { id } = await makeInstance(user);
    const { id: other } = await makeInstance(user);
    const made: string[] = [];
    for (let n = 0; n < 7; n++) {
      made.push((await projectRun(user, id, { created_at: start + Math.floor(n / 3) })).correlation_id);
      await projectRun(user, other, { created_at: start + n });
    }
    const runs = await all<{ correlation_id: string; created_at: string }>(
      user,
      at(id, "history"),
      "runs",
      2,
    );
    expect(new Set(runs.map((run) => run.correlation_id))).toEqual(new Set(made));
    expect(runs).toHaveLength(7);
    const times = runs.map(({ created_at }) => created_at);
    expect(times).toEqual(times.toSorted().reverse());
  });

  it("says how each run ended, what it used and how long it took", async () => {
    const user = await createUser("history_entry");
    const { id } = await makeInstance(user);
    const error = { code: "AI_SERVICE_ERROR", message: "The AI service failed" };
    const run = await projectRun(user, id, { created_at: start, status: "failed", error });
    expect(await bodyOf(await get(at(id, "history"), user), 200)).toEqual({
      runs: [
        {
          id: run.correlation_id,
          correlation_id: run.correlation_id,
          instance_id: id,
          instance_name: "Mine",
          revision: 1,
          waiting: null,
          status: "failed",
          current_step: "done",
          fuel: { budget: 100, spent: 10 },
          tokens: { input: 3, output: 5 },
          error,
          created_at: "2026-01-01T00:00:00.000Z",
          updated_at: "2026-01-01T00:00:00.000Z",
          completed_at: "2026-01-01T00:00:01.000Z",
          duration_ms: 1000,
        },
      ],
      count: 1,
      next_cursor: null,
    });
  });

  it("shows no run of another tenant", async () => {
    const user = await createUser("history_tenant");
    const { id } = await makeInstance(user);
    const stranger = await createUser("history_stranger");
    await projectRun(stranger, id, { created_at: start });
    expect(await bodyOf(await get(at(id, "history"), user), 200)).toMatchObject({ runs: [] });
    expect(await bodyOf(await get(at(id, "logs"), user), 200)).toMatchObject({ logs: [] });
  });

  it.each(["history", "logs", "images"])("is its owner's and the administrators' alone: %s", async (list) => {
    const user = await createUser("history_own");
    const { id } = await makeInstance(user);
    expect((await get(at(id, list), await createUser("history_own"))).status).toBe(404);
    expect((await get(at(id, list), await createUser("history_far", { role: "admin" }))).status).toBe(404);
    expect((await get(at(id, list), await createUser("history_own", { role: "admin" }))).status).toBe(200);
  });

  it.each(["limit=0", "limit=101", "limit=x", "cursor=%00"])("refuses %s", async (query) => {
    const user = await createUser("history_query");
    const { id } = await makeInstance(user);
    expect((await get(`${at(id, "history")}?${query}`, user)).status).toBe(400);
  });
});

describe("The log of an instance", () => {
  it("tells of runs begun and ended and of every task attempt, newest first", async () => {
    const user = await createUser("logs_lines");
    const { id } = await makeInstance(user);
    const error = { code: "AI_SERVICE_ERROR", message: "The AI service failed" };
    const run = await projectRun(user, id, {
      created_at: start,
      status: "failed",
      error,
      current_step: "write",
    });
    await projectUsage(run, { success: false, error_code: "AI_SERVICE_ERROR" });
    await projectUsage(run, { id: `${run.correlation_id}.write.main:2`, created_at: start + 900 });
    const { logs } = await bodyOf<{ logs: { message: string; level: string; attempt: number | null }[] }>(
      await get(at(id, "logs"), user),
      200,
    );
    expect(logs.map(({ level, message, attempt }) => [level, message, attempt])).toEqual([
      ["error", "Run failed: The AI service failed", null],
      ["info", "Step write finished", 2],
      ["error", "Step write failed: AI_SERVICE_ERROR", 1],
      ["info", "Run started", null],
    ]);
    expect(logs[1]).toMatchObject({
      step: "write",
      action: "ai_text_generate",
      agent_type: "copywriter",
      duration_ms: 400,
      fuel: 10,
      tokens: { input: 3, output: 5 },
    });
  });

  it.each([1, 2, 3, 7])("is the same log in pages of %i, also when all happened at once", async (limit) => {
    const user = await createUser(`logs_pages_${limit}`);
    const { id } = await makeInstance(user);
    for (let n = 0; n < 4; n++) {
      const run = await projectRun(user, id, { created_at: start, completed_at: n === 0 ? null : start });
      await projectUsage(run, { created_at: start });
    }
    const whole = await all(user, at(id, "logs"), "logs", 100);
    expect(whole).toHaveLength(11);
    expect(await all(user, at(id, "logs"), "logs", limit)).toEqual(whole);
  });
});

describe("The images of an instance", () => {
  it("are listed with an address that opens them", async () => {
    const user = await createUser("image_list");
    const { id } = await makeInstance(user);
    const run = await projectRun(user, id, { created_at: start });
    const task = `${run.correlation_id}.draw.main`;
    await projectUsage(run);
    await projectUsage(run, {
      id: `${task}:1`,
      step_name: "draw",
      agent_type: "image-generator",
      success: false,
    });
    await projectUsage(run, { id: `${task}:2`, step_name: "draw", agent_type: "image-generator" });
    await env.BLOBS.put(`images/image_list/${run.correlation_id}/${task}.png`, "png", {
      httpMetadata: { contentType: "image/png" },
      customMetadata: { user_id: user.actor.userId },
    });
    const { images } = await bodyOf<{ images: { image_uri: string; step: string }[] }>(
      await get(at(id, "images"), user),
      200,
    );
    expect(images).toMatchObject([{ step: "draw", correlation_id: run.correlation_id }]);
    expect((await get(present(images[0]).image_uri, user)).status).toBe(200);
  });
});

describe("A page costs the same whatever lies before and after it", () => {
  const db = database(env.DB);
  const page = { after: [start, "x"] as [number, string], limit: 50 };
  const own = { scope: "own", clientId: "c", userId: "u" } as const;

  it.each([
    ["one's own instances", pageInstances(db, own, {}, page)],
    ["a tenant's instances", pageInstances(db, { ...own, scope: "tenant" }, {}, page)],
    ["a project's instances", pageInstances(db, own, { projectId: "p" }, page)],
    ["all instances", pageInstances(db, { ...own, scope: "platform" }, {}, page)],
    ["all templates", pageTemplates(db, [undefined], {}, page)],
    ["a tenant's templates", pageTemplates(db, templatesUsableBy({ clientId: "c" }), {}, page)],
    ["versions", pageVersions(db, "t", 5, 50)],
    ["clients", pageClients(db, undefined, undefined, page)],
    ["waiting events", waitingEvents(db, "c", 50)],
  ])("%s: an index is followed, nothing is sorted", async (_, query) => {
    const { sql, params } = query.toSQL();
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...params)
      .all<{ detail: string }>();
    const plan = results.map(({ detail }) => detail).join("; ");
    expect(plan).toMatch(/USING (COVERING )?INDEX/);
    expect(plan).not.toContain("TEMP B-TREE");
  });
});
