import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { indexedText } from "#src/memory/index.ts";
import type { MemoryOwner } from "#src/objects/memory.ts";
import { call, send } from "../../support/api.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { answer, begin, newest, publish, said, withPersona, work } from "../../support/chats.ts";
import { tenantObject } from "../../support/objects.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { plan } from "../../support/plans.ts";
import { claimTask } from "../../support/task-reports.ts";
import { sandboxBinding, startedTask } from "../../support/tasks.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const clientId = "chat_memory";

/** Whose a word is: it may be read by them alone. */
const canaries = { shared: "CANARYALL", owner: "CANARYOWNER", ada: "CANARYADA", bob: "CANARYBOB" };

type People = Record<"owner" | "ada" | "bob" | "admin", TestUser>;

/** A published persona that remembers something of each of its people. */
async function remembering() {
  const memory_config = { enabled: true, retrieval_count: 50 };
  const { user: owner, instance } = await withPersona(clientId, { memory_config });
  await bodyOf(await publish(owner, instance.id, { tools: ["search_memory", "remember"] }), 200);
  const people: People = {
    owner,
    ada: await createUser(clientId),
    bob: await createUser(clientId),
    admin: await createUser(clientId, { role: "admin" }),
  };
  const keep = (of: MemoryOwner, word: string) =>
    tenantObject(clientId).putMemory(
      instance.id,
      { owner: of, type: "note", content: `${word} likes oolong tea`, metadata: {} },
      1000,
    );
  const kept = {
    shared: await keep("shared", canaries.shared),
    owner: await keep("owner", canaries.owner),
    ada: await keep(`user:${people.ada.actor.userId}`, canaries.ada),
    bob: await keep(`user:${people.bob.actor.userId}`, canaries.bob),
  };
  return { instance, people, kept };
}

let world: Awaited<ReturnType<typeof remembering>>;

const wordsIn = (text: string): string[] => Object.values(canaries).filter((word) => text.includes(word));

/** Whose words somebody may read. */
const readable = [
  ["owner", [canaries.shared, canaries.owner]],
  ["ada", [canaries.shared, canaries.ada]],
  ["bob", [canaries.shared, canaries.bob]],
  ["admin", [canaries.shared]],
] as const;

beforeAll(async () => {
  world = await remembering();
});
beforeEach(closeBreakers);

describe("What a persona remembers of one person", () => {
  it.each(readable)("is in no context of another's: %s", async (name, words) => {
    const person = world.people[name];
    const { conversation } = await begin(person, world.instance.id, { message: "Who likes oolong tea?" });
    const asked = sandboxBinding();
    const { view } = await work(clientId, conversation.id, { key: "m0", asked });
    expect(view?.status).toBe("completed");
    expect(wordsIn(asked.bodies.join())).toEqual(words);
    const body: unknown = JSON.parse(present(asked.bodies[0]));
    expect(body).toMatchObject({
      system: expect.not.stringContaining("CANARY"),
      messages: [{ role: "user", content: [{ text: expect.stringMatching(/^<data name="memories">/) }, {}] }],
    });
  });

  it.each(readable)("is found by no search of another's: %s", async (name, words) => {
    const person = world.people[name];
    const message = "Tell me about oolong tea: call `search_memory`";
    const { conversation } = await begin(person, world.instance.id, { message });
    await work(clientId, conversation.id, { key: "m0" });
    await expect
      .poll(async () => (await work(clientId, conversation.id, { key: "m1" })).view?.status)
      .toBe("completed");
    const { parts } = await newest(person, conversation.id);
    expect(parts).toMatchObject([{ type: "tool_call" }, { type: "tool_result", is_error: false }, {}]);
    expect(wordsIn(JSON.stringify(parts))).toEqual(words);
  });

  it.each(["owner", "admin"] as const)("is shown by no route of the instance's memory: %s", async (name) => {
    const { headers } = world.people[name];
    const path = `/api/v1/personas/instances/${world.instance.id}/memories`;
    for (const query of ["?limit=100", "/search?query=oolong%20tea&limit=50"]) {
      const response = await call(`${path}${query}`, { headers });
      expect(wordsIn(JSON.stringify(await bodyOf(response, 200))).sort()).toEqual([
        canaries.shared,
        canaries.owner,
      ]);
    }
    const theirs = `${path}/${world.kept.ada.id}`;
    expect((await call(theirs, { headers })).status).toBe(404);
    expect((await send("PATCH", theirs, { content: "mine" }, headers)).status).toBe(404);
    expect((await send("DELETE", theirs, undefined, headers)).status).toBe(404);
  });

  it.each(["ada", "bob"] as const)("is shown to nobody else by these routes: %s", async (name) => {
    const path = `/api/v1/personas/instances/${world.instance.id}/memories`;
    expect((await call(path, { headers: world.people[name].headers })).status).toBe(404);
  });

  it("is shown to themselves, who may have it forgotten; nobody else's is", async () => {
    const { ada, bob, owner } = world.people;
    const mine = async (person: TestUser) => {
      const { conversation } = await begin(person, world.instance.id);
      return `/api/v1/conversations/${conversation.id}/memories`;
    };
    const shown = async (path: string, { headers }: TestUser) =>
      bodyOf<{ memories: { id: number; content: string }[] }>(await call(path, { headers }), 200);
    const paths = { ada: await mine(ada), bob: await mine(bob), owner: await mine(owner) };
    expect(wordsIn(JSON.stringify(await shown(paths.ada, ada)))).toEqual([canaries.ada]);
    expect(wordsIn(JSON.stringify(await shown(paths.owner, owner)))).toEqual([]);
    expect((await call(paths.ada, { headers: bob.headers })).status).toBe(404);
    expect((await call(`${paths.ada}?limit=0`, { headers: ada.headers })).status).toBe(400);
    const extra = await tenantObject(clientId).putMemory(
      world.instance.id,
      { owner: `user:${bob.actor.userId}`, type: "note", content: "To be forgotten", metadata: {} },
      1000,
    );
    const forget = async (path: string, id: number | string, { headers }: TestUser) =>
      (await send("DELETE", `${path}/${id}`, undefined, headers)).status;
    for (const [path, person] of [
      [paths.ada, ada],
      [paths.owner, owner],
      [paths.bob, ada],
    ] as const)
      expect(await forget(path, extra.id, person)).toBe(404);
    for (const id of [world.kept.shared.id, world.kept.owner.id, world.kept.ada.id])
      expect(await forget(paths.bob, id, bob)).toBe(404);
    expect(await forget(paths.bob, "none", bob)).toBe(404);
    expect(await forget(paths.bob, extra.id, bob)).toBe(204);
    expect(await forget(paths.bob, extra.id, bob)).toBe(404);
    expect((await shown(paths.bob, bob)).memories.map(({ content }) => content)).toEqual([
      `${canaries.bob} likes oolong tea`,
    ]);
  });

  it("is told to no execution of the persona's owner", async () => {
    const writing = plan("write", { write: { action: "ai_text_generate", input: { prompt: "oolong tea" } } });
    const config = { memory_config: { enabled: true, retrieval_count: 50 } };
    const more = { instanceId: world.instance.id, userId: world.people.owner.actor.userId };
    const { correlationId, tenant } = await startedTask(clientId, writing, config, more);
    const claimed = await claimTask(tenant, `${correlationId}.write.main`, 1);
    expect(claimed.ok && wordsIn(claimed.value.memories.join()).sort()).toEqual([
      canaries.shared,
      canaries.owner,
    ]);
  });

  it("is what they have it remember, and goes with the conversation that it comes from, for good", async () => {
    const { ada, bob, owner } = world.people;
    const { conversation } = await begin(ada, world.instance.id, {
      message: "Tell me about CANARYNEW: call `remember`",
    });
    await work(clientId, conversation.id, { key: "m0" });
    await expect
      .poll(async () => (await work(clientId, conversation.id, { key: "m1" })).view?.status)
      .toBe("completed");
    const told = async (person: TestUser) => {
      const { conversation: other } = await begin(person, world.instance.id, { message: "About canarynew?" });
      const asked = sandboxBinding();
      await work(clientId, other.id, { key: "m0", asked });
      return asked.bodies.join().includes("CANARYNEW");
    };
    expect([await told(ada), await told(bob), await told(owner)]).toEqual([true, false, false]);
    const path = `/api/v1/conversations/${conversation.id}`;
    expect((await send("DELETE", path, undefined, ada.headers)).status).toBe(204);
    await expect.poll(() => told(ada)).toBe(false);
    // Of what was still under way then nothing is kept either.
    const late = plan("keep", { keep: { action: "store_memory", input: { content: "CANARYNEW again" } } });
    const memoryOf = { owner: `user:${ada.actor.userId}`, conversationId: conversation.id };
    const begun = startedTask(clientId, late, {}, { instanceId: world.instance.id, memoryOf });
    await expect(begun).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await told(ada)).toBe(false);
  });
});

describe("What was kept before memories had owners", () => {
  it("is everybody's where the persona's owner has written it, and theirs where a run has kept it", async () => {
    const memory_config = { enabled: true };
    const { user, instance } = await withPersona(clientId, { memory_config });
    await bodyOf(await publish(user, instance.id, {}), 200);
    await runInDurableObject(env.TENANT_WORKFLOWS.getByName(clientId), (_, { storage: { sql } }) => {
      for (const [content, metadata] of [
        ["CANARYALL likes sencha", "{}"],
        ["CANARYOWNER likes sencha", '{"run":"r"}'],
      ]) {
        const { id } = sql
          .exec<{ id: number }>(
            `INSERT INTO memories (instance_id, type, content, metadata, created_at, used_at)
             VALUES (?, 'note', ?, ?, 1, 1) RETURNING id`,
            instance.id,
            content,
            metadata,
          )
          .one();
        const text = indexedText(content ?? "");
        sql.exec("INSERT INTO memories_text (rowid, owner, content) VALUES (?, ?, ?)", id, instance.id, text);
      }
    });
    const told = async (person: TestUser) => {
      const { conversation } = await begin(person, instance.id);
      await said(person, conversation.id, "Who likes sencha?");
      const asked = sandboxBinding();
      await answer(clientId, conversation.id, asked);
      return wordsIn(asked.bodies.join());
    };
    expect(await told(await createUser(clientId))).toEqual([canaries.shared]);
    expect(await told(user)).toEqual([canaries.shared, canaries.owner]);
  });
});
