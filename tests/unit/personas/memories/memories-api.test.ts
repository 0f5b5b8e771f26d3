import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { send } from "#tests/support/api.ts";
import { tenantObject } from "#tests/support/objects.ts";
import { bodyOf, get, type Instance, makeInstance, startRun } from "#tests/support/personas.ts";
import { claimTask } from "#tests/support/task-reports.ts";
import { createUser, type TestUser } from "#tests/support/users.ts";

const clientId = "memories";
let owner: TestUser;
let instance: Instance;
beforeAll(async () => {
  owner = await createUser(clientId);
  instance = await makeInstance(owner);
});

interface Memory {
  id: number;
  content: string;
  type: string;
  score: number;
  uses: number;
}
interface Page {
  memories: Memory[];
  count: number;
  next_cursor: string | null;
}

const at = (rest = "", of = instance.id) => `/api/v1/personas/instances/${of}/memories${rest}`;
const post = (body: unknown, of = instance.id, user = owner) => send("POST", at("", of), body, user.headers);
const keep = async (content: string, of = instance.id, more: object = {}) =>
  bodyOf<Memory>(await post({ content, ...more }, of), 201);
const page = async (query = "", of = instance.id) => bodyOf<Page>(await get(at(query, of), owner), 200);
const search = async (query: string, of: string, more = "") =>
  (await page(`/search?query=${encodeURIComponent(query)}${more}`, of)).memories;
const fresh = (config: Record<string, unknown> = {}) => makeInstance(owner, { memory_config: config });

describe("A memory", () => {
  it("is kept, read, changed and forgotten", async () => {
    const made = await bodyOf<Memory>(
      await post({ content: " Likes oolong ", type: "preference", metadata: { source: "call" } }),
      201,
    );
    expect(made).toMatchObject({
      content: "Likes oolong",
      type: "preference",
      metadata: { source: "call" },
      uses: 0,
      last_used_at: null,
    });
    expect(await bodyOf(await get(at(`/${made.id}`), owner), 200)).toEqual(made);
    for (const method of ["PUT", "PATCH"]) {
      const change = { content: `Likes green tea since ${method}` };
      const changed = await send(method, at(`/${made.id}`), change, owner.headers);
      expect(await bodyOf(changed, 200)).toEqual({ ...made, ...change });
    }
    expect((await search("green", instance.id))[0]?.id).toBe(made.id);
    expect(await search("oolong", instance.id)).toEqual([]);
    expect((await send("DELETE", at(`/${made.id}`), {}, owner.headers)).status).toBe(204);
    expect((await get(at(`/${made.id}`), owner)).status).toBe(404);
    expect((await send("DELETE", at(`/${made.id}`), {}, owner.headers)).status).toBe(404);
    expect(await search("green", instance.id)).toEqual([]);
  });

  it("is a note unless it says otherwise", async () => {
    expect(await keep("Plain")).toMatchObject({ type: "note", metadata: {} });
  });

  const deep = (levels: number): unknown => (levels === 0 ? 1 : { in: deep(levels - 1) });
  it.each<[string, unknown, string]>([
    ["no content", {}, "content"],
    ["nothing in it", { content: "   " }, "content"],
    ["over 64 KiB", { content: "x".repeat(66_000) }, "content"],
    ["over 64 KiB in bytes", { content: "é".repeat(40_000) }, "content"],
    ["metadata over 16 KiB", { content: "x", metadata: { x: "x".repeat(17_000) } }, "metadata"],
    ["metadata nested without end", { content: "x", metadata: deep(80) }, "metadata"],
    ["too long a type", { content: "x", type: "t".repeat(65) }, "type"],
    ["what nobody knows", { content: "x", score: 1 }, "score"],
  ])("is refused with %s", async (_, body, path) => {
    expect(await bodyOf(await post(body), 400)).toMatchObject({
      details: { fields: expect.arrayContaining([expect.objectContaining({ path })]) },
    });
  });

  it("is not changed by nothing, nor beyond its bounds", async () => {
    const { id } = await keep("Stays");
    for (const body of [{}, { content: "" }, { metadata: 1 }]) {
      expect((await send("PATCH", at(`/${id}`), body, owner.headers)).status).toBe(400);
    }
    expect(await bodyOf(await get(at(`/${id}`), owner), 200)).toMatchObject({ content: "Stays" });
  });

  it("that an administrator makes, changes or removes for somebody leaves an audit row; the owner's own does not", async () => {
    const { id } = await fresh();
    await bodyOf(await post({ content: "Mine" }, id), 201);
    const admin = await createUser(clientId, { role: "admin" });
    const made = await bodyOf<Memory>(await post({ content: "Theirs" }, id, admin), 201);
    await bodyOf(await send("PATCH", at(`/${made.id}`, id), { content: "New" }, admin.headers), 200);
    expect((await send("DELETE", at(`/${made.id}`, id), {}, admin.headers)).status).toBe(204);
    const audited = env.DB.prepare(
      "SELECT actor_id, action FROM audit_log WHERE target_id = ? ORDER BY created_at, id",
    );
    const actor_id = admin.actor.userId;
    expect((await audited.bind(id).all()).results).toEqual([
      { actor_id, action: "memory.created" },
      { actor_id, action: "memory.changed" },
      { actor_id, action: "memory.removed" },
    ]);
  });

  it("is its owner's and the tenant's administrators'; for everybody else there is none", async () => {
    const { id } = await keep("Mine alone");
    const admin = await createUser(clientId, { role: "admin" });
    expect((await get(at(`/${id}`), admin)).status).toBe(200);
    const others = [
      await createUser(clientId),
      await createUser(clientId, { role: "moderator" }),
      await createUser("memories_elsewhere"),
      await createUser("memories_elsewhere", { role: "admin" }),
    ];
    for (const user of others) {
      const answers = await Promise.all([
        get(at(), user),
        get(at("/search?query=mine"), user),
        post({ content: "x" }, instance.id, user),
        get(at(`/${id}`), user),
        send("PUT", at(`/${id}`), { content: "x" }, user.headers),
        send("DELETE", at(`/${id}`), {}, user.headers),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
    }
    const another = await fresh();
    expect((await get(at(`/${id}`, another.id), owner)).status).toBe(404);
    expect((await send("DELETE", at(`/${id}`, another.id), {}, owner.headers)).status).toBe(404);
    expect((await page("", another.id)).memories).toEqual([]);
  });
});

describe("What an instance remembers", () => {
  it("is listed newest first, in pages, and by type", async () => {
    const { id } = await fresh();
    for (const content of ["one", "two", "three", "four", "five"])
      await keep(content, id, { type: content === "two" || content === "four" ? "even" : "odd" });
    const listed = async (query: string) => {
      const seen: string[] = [];
      for (let cursor = ""; ; ) {
        const { memories, next_cursor } = await page(`?limit=2${query}${cursor}`, id);
        expect(memories.length).toBeLessThanOrEqual(2);
        seen.push(...memories.map(({ content }) => content));
        if (next_cursor === null) return seen;
        cursor = `&cursor=${next_cursor}`;
      }
    };
    expect(await listed("")).toEqual(["five", "four", "three", "two", "one"]);
    expect(await listed("&type=even")).toEqual(["four", "two"]);
    expect((await get(at("?cursor=broken", id), owner)).status).toBe(400);
  });

  it("keeps to its number: the least used goes first, the oldest of those", async () => {
    const { id } = await fresh({ max_memories: 3 });
    for (const content of ["apple first", "berry second", "cherry third"]) await keep(content, id);
    await search("apple", id);
    await keep("damson fourth", id);
    const contents = async () => (await page("", id)).memories.map(({ content }) => content);
    expect(await contents()).toEqual(["damson fourth", "cherry third", "apple first"]);
    await search("cherry", id);
    await search("damson", id);
    await keep("elder fifth", id);
    expect(await contents()).toEqual(["elder fifth", "damson fourth", "cherry third"]);
    expect(await search("apple berry", id)).toEqual([]);
  });

  it("is forgotten with the instance", async () => {
    const { id } = await fresh();
    await keep("Soon gone", id);
    const memory = tenantObject(clientId, 0);
    expect(await memory.listMemories(id, { limit: 10 })).toHaveLength(1);
    expect((await send("DELETE", `/api/v1/personas/instances/${id}`, {}, owner.headers)).status).toBe(204);
    expect((await get(at("", id), owner)).status).toBe(404);
    expect(await memory.listMemories(id, { limit: 10 })).toEqual([]);
  });

  it("is forgotten also when only the event of the deletion reached the tenant's object", async () => {
    const { id } = await fresh();
    await keep("Soon gone", id);
    const event = { id: "deletion-1", event: "instance.deleted", entityId: id, ownerUserId: null, data: {} };
    await tenantObject(clientId).appendEvent(event);
    expect((await page("", id)).memories).toEqual([]);
  });
});

describe("A search", () => {
  it("puts what fits best in front, with scores from 0 to 1, and counts what it finds as used", async () => {
    const { id } = await fresh();
    await keep("Green tea grows on hills", id);
    await keep("The hills are green", id);
    await keep("Coffee is roasted", id);
    const found = await search("green tea", id);
    expect(found.map(({ content }) => content)).toEqual(["Green tea grows on hills", "The hills are green"]);
    const scores = found.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    for (const score of scores) {
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThanOrEqual(1);
    }
    expect((await page("", id)).memories.map(({ uses }) => uses)).toEqual([0, 1, 1]);
  });

  it("gives as many as the instance recalls, or as asked for", async () => {
    const { id } = await fresh({ retrieval_count: 2 });
    for (const n of [1, 2, 3, 4]) await keep(`Tea number ${n}`, id);
    expect(await search("tea", id)).toHaveLength(2);
    expect(await search("tea", id, "&limit=3")).toHaveLength(3);
    for (const more of ["&limit=0", "&limit=51"])
      expect((await get(at(`/search?query=tea${more}`, id), owner)).status).toBe(400);
  });

  it("looks at one type where that is asked for", async () => {
    const { id } = await fresh();
    await keep("Tea in general", id);
    await keep("Tea as a fact", id, { type: "fact" });
    expect((await search("tea", id, "&type=fact")).map(({ type }) => type)).toEqual(["fact"]);
  });

  it.each([
    'tea" OR owner : "',
    "tea AND",
    "NEAR(tea hills)",
    "tea NOT hills",
    "tea*",
    "^tea",
    "content : tea",
    "- tea",
    "tea; DROP TABLE memories",
    "' OR 1=1 --",
    '"',
    "((((",
    "{tea hills} : x",
    "tea \u0000 hills",
    "🍵",
  ])("takes %j as words and nothing else", async (query) => {
    const { id } = await fresh();
    const other = await fresh();
    await keep("Tea on hills", id);
    await keep("Tea on hills elsewhere", other.id);
    const contents = (await search(query, id)).map(({ content }) => content);
    expect(contents).toEqual(/tea/i.test(query) ? ["Tea on hills"] : []);
  });

  it("takes a long text for its first words, and refuses a text without end", async () => {
    const { id } = await fresh();
    await keep("The needle", id);
    const words = Array.from({ length: 300 }, (_, index) => `straw${index}`).join(" ");
    expect(await search(`needle ${words}`, id)).toHaveLength(1);
    expect((await get(at(`/search?query=${"x".repeat(4001)}`, id), owner)).status).toBe(400);
    expect((await get(at("/search?query=", id), owner)).status).toBe(400);
    expect((await get(at("/search", id), owner)).status).toBe(400);
  });

  it("finds its own among all that other instances remember", async () => {
    const { id } = await fresh();
    const other = await fresh();
    await keep("Tea in the afternoon", id);
    for (let n = 0; n < 60; n++) await keep(`Tea ${n}`, other.id);
    expect((await search("tea", id)).map(({ content }) => content)).toEqual(["Tea in the afternoon"]);
  });
});

it("A run of the instance is given what the owner had it remember", async () => {
  const { id } = await fresh({ enabled: true, include_types: ["preference"] });
  await keep("About tea: never without milk", id, { type: "preference" });
  await keep("About tea: a note", id);
  const run = await startRun(owner, id);
  const claimed = await claimTask(tenantObject(clientId), `${run}.write.main`, 1);
  expect(claimed).toMatchObject({ ok: true, value: { memories: ["About tea: never without milk"] } });
});
