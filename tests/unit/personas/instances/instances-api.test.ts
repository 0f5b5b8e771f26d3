import { describe, expect, it } from "vitest";
import { send } from "#tests/support/api.ts";
import { tenantObject } from "#tests/support/objects.ts";
import {
  bodyOf,
  copywriter,
  eventOf,
  get,
  type Instance,
  makeInstance,
  makeTemplate,
  startRun,
} from "#tests/support/personas.ts";
import { createUser, type TestUser } from "#tests/support/users.ts";

const at = (id: string) => `/api/v1/personas/instances/${id}`;
const change = (user: TestUser, id: string, body: unknown, method = "PATCH") =>
  send(method, at(id), body, user.headers);
const remove = (user: TestUser, id: string) => send("DELETE", at(id), {}, user.headers);

describe("An instance", () => {
  it.each(["PUT", "PATCH"])("is changed by %s; its config is laid over what there is", async (method) => {
    const owner = await createUser(`instance_change_${method}`);
    const { id } = await makeInstance(owner, { house_style: { tone: "plain", length: "short" } });
    const body = { instance_name: "Renamed", config: { house_style: { tone: "warm" }, temperature: null } };
    const changed = await bodyOf<Instance>(await change(owner, id, body, method), 200);
    expect(changed).toMatchObject({
      name: "Renamed",
      config: { house_style: { tone: "warm", length: "short" } },
    });
    expect(changed.config).not.toHaveProperty("temperature");
    expect(changed.config).toHaveProperty("max_tokens", 1024);
    expect(await bodyOf<Instance>(await get(at(id), owner), 200)).toEqual(changed);
  });

  it("says what it takes, what its template is called, and on demand how it ran last", async () => {
    const owner = await createUser("instance_tells");
    const { id } = await makeInstance(owner);
    const { id: idle } = await makeInstance(owner);
    const told = await bodyOf<Record<string, unknown>>(await get(at(id), owner), 200);
    expect(told).toMatchObject({
      template_name: copywriter.name,
      input_schema: copywriter.config.input_schema,
    });
    expect(told).not.toHaveProperty("last_run");
    await startRun(owner, id);
    const last = await startRun(owner, id);
    await tenantObject("instance_tells").cancelRun(last, "tenant", "Enough");
    const list = "/api/v1/personas/instances?include=last_run";
    const { instances } = await bodyOf<{ instances: unknown[] }>(await get(list, owner), 200);
    expect(instances).toMatchObject([
      { id: idle, last_run: null },
      { id, last_run: { id: last, status: "cancelled" } },
    ]);
  });

  it("loses no change when several come at once", async () => {
    const owner = await createUser("instance_race");
    const { id } = await makeInstance(owner);
    const keys = ["a", "b", "c", "d"];
    const answers = await Promise.all(keys.map((key) => change(owner, id, { config: { [key]: true } })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const { config } = await bodyOf<Instance>(await get(at(id), owner), 200);
    expect(keys.map((key) => config[key])).toEqual([true, true, true, true]);
  });

  it.each<[string, unknown, string, string]>([
    ["a value out of range", { config: { temperature: 3 } }, "VALIDATION_ERROR", "config.temperature"],
    ["a plan that is none", { config: { workflow: 7 } }, "VALIDATION_ERROR", "config.workflow"],
    [
      "a step that leads nowhere",
      { config: { workflow: { start_step: "x" } } },
      "WORKFLOW_INVALID",
      "start_step",
    ],
    ["an unknown field", { owner_user_id: "me" }, "VALIDATION_ERROR", "owner_user_id"],
    ["an empty name", { name: " " }, "VALIDATION_ERROR", "name"],
  ])("refuses %s and stays as it was", async (_, body, error, path) => {
    const owner = await createUser("instance_refuses");
    const { id, ...before } = await makeInstance(owner);
    const answer = await change(owner, id, body);
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(JSON.parse(text).error).toBe(error);
    expect(text).toContain(`"path":"${path}"`);
    expect(await bodyOf(await get(at(id), owner), 200)).toMatchObject(before);
  });

  it("once deleted is not found, its name free and what it executed cancelled", async () => {
    const owner = await createUser("instance_delete");
    const { id } = await makeInstance(owner);
    const run = await startRun(owner, id);
    expect((await remove(owner, id)).status).toBe(204);
    const answers = await Promise.all([
      get(at(id), owner),
      change(owner, id, { name: "x" }),
      remove(owner, id),
      get(`${at(id)}/history`, owner),
      send("POST", `${at(id)}/execute`, { input: { topic: "tea" } }, owner.headers),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect(await bodyOf(await get(`/api/v1/personas/runs/${run}`, owner), 200)).toMatchObject({
      status: "cancelled",
    });
    const { instances } = await bodyOf<{ instances: Instance[] }>(
      await get("/api/v1/personas/instances", owner),
      200,
    );
    expect(instances).toEqual([]);
  });

  it("once deleted no longer counts against the quota", async () => {
    const owner = await createUser("instance_quota", { tier: "free" });
    const { id } = await makeInstance(owner);
    const { id: template } = await makeTemplate("instance_quota");
    const create = () =>
      send("POST", "/api/v1/personas/instances", { template_id: template, name: "Another" }, owner.headers);
    expect((await create()).status).toBe(403);
    await remove(owner, id);
    expect((await create()).status).toBe(201);
  });

  it("is changed and deleted by its owner and the tenant's administrators only", async () => {
    const owner = await createUser("instance_owner");
    const { id } = await makeInstance(owner);
    for (const stranger of [
      await createUser("instance_owner"),
      await createUser("instance_owner", { role: "moderator" }),
      await createUser("instance_elsewhere", { role: "admin" }),
    ]) {
      expect((await change(stranger, id, { name: "Mine now" })).status).toBe(404);
      expect((await remove(stranger, id)).status).toBe(404);
    }
    const administrator = await createUser("instance_owner", { role: "admin" });
    expect((await change(administrator, id, { name: "Tidied" })).status).toBe(200);
    expect((await remove(administrator, id)).status).toBe(204);
  });
});

describe("The tenant hears of instances", () => {
  it("made, changed and deleted, in that order", async () => {
    const owner = await createUser("instance_events");
    const { id } = await makeInstance(owner);
    await change(owner, id, { name: "Renamed", config: { temperature: 0 } });
    await remove(owner, id);
    await eventOf("instance_events", "instance.deleted");
    const { events } = await tenantObject("instance_events").readEvents({
      since: 0,
      entityId: id,
      limit: 10,
    });
    expect(events.map(({ event, owner_user_id, data }) => [event, owner_user_id, data.instance_id])).toEqual([
      ["instance.created", owner.actor.userId, id],
      ["instance.updated", owner.actor.userId, id],
      ["instance.deleted", owner.actor.userId, id],
    ]);
    expect(events[1]?.data).toMatchObject({ name: "Renamed", changed: ["name", "config"] });
  });

  it("only when they were made: a refusal tells nothing", async () => {
    const owner = await createUser("instance_silence", { tier: "free" });
    const { id: template } = await makeTemplate("instance_silence");
    const body = { template_id: template, name: "x" };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => send("POST", "/api/v1/personas/instances", body, owner.headers)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403, 403, 403]);
    const made = await eventOf("instance_silence", "instance.created");
    await remove(owner, made.entity_id);
    await eventOf("instance_silence", "instance.deleted");
    const { events } = await tenantObject("instance_silence").readEvents({ since: 0, limit: 10 });
    expect(events.map(({ event }) => event)).toEqual(["instance.created", "instance.deleted"]);
  });
});

describe("A list of instances", () => {
  it("comes in pages, newest first, without gaps or repeats", async () => {
    const owner = await createUser("instance_pages");
    const { id: template } = await makeTemplate("instance_pages");
    const made: string[] = [];
    for (let n = 0; n < 5; n++) {
      const body = { template_id: template, name: `n${n}` };
      made.unshift(
        (await bodyOf<Instance>(await send("POST", "/api/v1/personas/instances", body, owner.headers), 201))
          .id,
      );
    }
    const seen: string[] = [];
    for (let cursor = ""; ; ) {
      const page = await bodyOf<{ instances: Instance[]; count: number; next_cursor: string | null }>(
        await get(`/api/v1/personas/instances?limit=2${cursor}`, owner),
        200,
      );
      expect(page.count).toBe(page.instances.length);
      seen.push(...page.instances.map(({ id }) => id));
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    expect(seen).toEqual(made);
  });

  it.each(["nonsense", "bm90IGpzb24", "WzEsMiwzXQ"])("refuses the cursor %s", async (cursor) => {
    const owner = await createUser("instance_cursor");
    const answer = await get(`/api/v1/personas/instances?cursor=${cursor}`, owner);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ details: { fields: [{ path: "cursor" }] } });
  });
});
