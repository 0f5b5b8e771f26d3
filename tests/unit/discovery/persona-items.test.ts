import { describe, expect, it } from "vitest";
import { PersonaItems } from "#durable-objects/tenant-personalisation/persona-items.ts";
import { Writing } from "#durable-objects/tenant-personalisation/writing.ts";
import { createLogger } from "#src/observability/logger.ts";
import { call, send } from "../../support/api.ts";
import { publish } from "../../support/chats.ts";
import { bodyOf, copywriter, makeInstance } from "../../support/personas.ts";
import { inObject, itemOf, now, wishFor } from "../../support/recommending-object.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const root = "/api/v1/personalization";

interface Listed {
  recommendations: { item_id: string; item: { kind: string; title: string; tags: string[] } }[];
  algorithm: string;
}
const asked = async ({ headers }: TestUser, body: object = {}) =>
  bodyOf<Listed>(await send("POST", `${root}/recommendations`, { limit: 50, ...body }, headers), 200);
const idsOf = ({ recommendations }: Listed) => recommendations.map(({ item_id }) => item_id);

/** Somebody of a tenant with a persona, published as is said. */
async function withPersona(clientId: string, chat?: Record<string, unknown>) {
  const owner = await createUser(clientId);
  const template = { ...copywriter, name: `Baker of ${clientId}`, category: "bread" };
  const { id } = await makeInstance(owner, {}, template);
  if (chat) await bodyOf(await publish(owner, id, chat), 200);
  return { owner, item: `persona:${id}`, id };
}

describe("A tenant without a catalogue recommends", () => {
  it("its published personas, and the templates that personas are made from", async () => {
    const { item } = await withPersona("personas_told", { audience: "tenant" });
    const list = await asked(await createUser("personas_told"));
    expect(list.algorithm).toBe("popular");
    expect(idsOf(list)).toContain(item);
    const template = list.recommendations.find(({ item: { title } }) => title === "Baker of personas_told");
    expect(template).toMatchObject({
      item_id: expect.stringMatching(/^template:/),
      item: { kind: "persona", tags: ["bread"] },
    });
  });

  it("nothing of what only its owner may talk with, nor of another tenant", async () => {
    const own = await withPersona("personas_own");
    const apart = await withPersona("personas_own", { audience: "owner" });
    const off = await withPersona("personas_own", { audience: "tenant", enabled: false });
    const theirs = await withPersona("personas_elsewhere", { audience: "public", daily_turns_per_person: 5 });
    const list = await asked(await createUser("personas_own"));
    for (const { item } of [own, apart, off, theirs]) expect(idsOf(list)).not.toContain(item);
    const titles = list.recommendations.map(({ item: { title } }) => title);
    expect(titles).toContain("Baker of personas_own");
    expect(titles).not.toContain("Baker of personas_elsewhere");
  });

  it("them by what is looked for, and what one has seen no more, as any item", async () => {
    const { item } = await withPersona("personas_items", { audience: "tenant" });
    const user = await createUser("personas_items");
    await send("PUT", "/api/v1/user/consents", { personalisation: true, history: true }, user.headers);
    const list = await asked(user, { context: { query: "bread" } });
    expect([list.algorithm, list.recommendations[0]?.item.tags]).toEqual(["personal", ["bread"]]);
    const seen = { id: "1", item_id: item, type: "view", at: new Date().toISOString() };
    await bodyOf(await send("POST", `${root}/interactions`, { interactions: [seen] }, user.headers), 202);
    expect(idsOf(await asked(user))).not.toContain(item);
    expect((await call(`${root}/items/${item}`, { headers: user.headers })).status).toBe(200);
  });

  it("them no more once it has one; and nobody puts in, or takes out, what is called like one", async () => {
    const { item } = await withPersona("personas_gone", { audience: "tenant" });
    const admin = await createUser("personas_gone", { role: "admin" });
    expect(idsOf(await asked(admin))).toContain(item);
    const put = async (id: string) =>
      bodyOf<{ accepted: number }>(
        await send("PUT", `${root}/items`, { items: [{ id, title: "Mine" }] }, admin.headers),
        200,
      );
    expect(await put("persona:mine")).toMatchObject({ accepted: 0 });
    const taken = await send("DELETE", `${root}/items/${item}`, undefined, admin.headers);
    expect(taken.status).toBe(404);
    expect(idsOf(await asked(admin))).toContain(item);
    expect(await put("bread-1")).toMatchObject({ accepted: 1 });
    expect(idsOf(await asked(admin))).toEqual(["bread-1"]);
  });
});

const baker = itemOf("persona:baker", { kind: "persona", title: "Baker" });
const brewer = itemOf("persona:brewer", { kind: "persona", title: "Brewer" });

/** Personas as they are told at times of one's own; what is recommended of them, and how often it was asked for. */
const told = (
  course: (at: (time: number) => Promise<string[]>, set: (given: Told) => void) => Promise<void>,
) =>
  inObject(async ({ itemDesk, shelf, recommendingDesk, items }, storage) => {
    let given: Told = [];
    const writing = new Writing(storage, { now: () => now }, () => {});
    const ask = async () => {
      if (given === "broken") throw new Error("Broken");
      return [...given];
    };
    const logger = createLogger("test", "error");
    const personas = new PersonaItems({ writing, itemDesk, shelf, ask, logger });
    await course(
      async (time) => {
        await personas.refresh(now + time);
        const { items: list } = recommendingDesk.recommend(wishFor(null), now);
        expect(list).toHaveLength(items.count);
        return list.map(({ item }) => item.title).toSorted();
      },
      (next) => {
        given = next;
      },
    );
  });
type Told = (typeof baker)[] | "broken";

it("Personas are as they were a minute ago at most: new ones come, changed ones are renamed, others are gone", () =>
  told(async (at, set) => {
    set([baker]);
    expect(await at(0)).toEqual(["Baker"]);
    set([{ ...baker, title: "Miller" }, brewer]);
    expect(await at(59_999)).toEqual(["Baker"]);
    expect(await at(60_000)).toEqual(["Brewer", "Miller"]);
    set([brewer]);
    expect(await at(120_000)).toEqual(["Brewer"]);
  }));

it("While nobody says which personas there are, they are as they were", () =>
  told(async (at, set) => {
    set([baker]);
    await at(0);
    set("broken");
    expect(await at(60_000)).toEqual(["Baker"]);
    set([]);
    expect(await at(120_000)).toEqual([]);
  }));
