import { DurableObject } from "cloudflare:workers";
import { Hono } from "hono";
import { z } from "zod";
import type { Named } from "#src/objects/placed-object.ts";
import type { GivenInteraction, ItemContent } from "#src/objects/recommendations-api.ts";
import type { TenantPersonalisationApi } from "#src/objects/tenant-personalisation-api.ts";
import type { Rebuilding } from "../objects/personalisation.ts";

/** Rows of the lists of what a person likes, and their bytes; rows of items that are shown. */
const [lists, listBytes, shown] = [50, 4000, 5];
/** Rows that one like writes: lists, and its own, the person's and the item's. */
const rowsOfLike = lists + 4;

/** What is measured against: an object that reads and writes as many rows as large, and does nothing with them. */
export class BareRows extends DurableObject<unknown> {
  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    const { sql } = ctx.storage;
    sql.exec("CREATE TABLE IF NOT EXISTS rows_kept (number INTEGER PRIMARY KEY, content BLOB NOT NULL)");
  }

  async write(from: number, count: number): Promise<void> {
    const content = new Uint8Array(listBytes).buffer;
    for (let number = from; number < from + count; number++)
      this.ctx.storage.sql.exec(
        `INSERT INTO rows_kept (number, content) VALUES (?, ?)
         ON CONFLICT (number) DO UPDATE SET content = excluded.content`,
        number % 10_000,
        content,
      );
  }

  async read(from: number): Promise<number> {
    let bytes = 0;
    for (let number = from; number < from + lists + shown + 1; number++)
      for (const row of this.ctx.storage.sql.exec<{ content: ArrayBuffer }>(
        "SELECT content FROM rows_kept WHERE number = ?",
        number,
      ))
        bytes += row.content.byteLength;
    return bytes;
  }
}

export interface RecommendEnv {
  TENANT_PERSONALISATION: Named<TenantPersonalisationApi & Rebuilding>;
  BARE_ROWS: DurableObjectNamespace<BareRows>;
}

const itemCount = 10_000;
const tags = 40;

const itemOf = (number: number): ItemContent => ({
  id: `item-${number}`,
  kind: "item",
  title: `Item ${number} of many`,
  description: null,
  tags: [`tag-${number % tags}`, `tag-${(number * 7) % tags}`],
  language: null,
  url: null,
  image: null,
  publishedAt: null,
  expiresAt: null,
  available: true,
  attributes: {},
});

/** A like of one of a person's two tastes, popular items more; the same for the same numbers. */
const likeOf = (person: number, place: number): GivenInteraction => {
  const spread = ((person * 7919 + place * 104_729) % 1000) / 1000;
  const taste = place % 3 === 0 ? person % tags : (person * 7) % tags;
  const item = taste + tags * Math.floor((itemCount / tags) * spread ** 2);
  return {
    id: `${place}`,
    personId: `person-${person}`,
    itemId: `item-${item}`,
    type: "like",
    value: null,
    at: Date.now(),
    requestId: null,
  };
};

const personsSchema = z.object({ from: z.number(), count: z.number(), likes: z.number() });
const pastSchema = z.object({ persons: z.number(), each: z.number() });
const askedSchema = z.object({ number: z.number() });

/** Fills objects, and asks them: those of the platform, and the bare one beside them. */
export const recommend = new Hono<{ Bindings: RecommendEnv }>()
  .post("/items/:name", async (c) => {
    const object = c.env.TENANT_PERSONALISATION.getByName(c.req.param("name"));
    for (let from = 0; from < itemCount; from += 1000)
      await object.putItems(Array.from({ length: 1000 }, (_, place) => itemOf(from + place)));
    const bare = c.env.BARE_ROWS.getByName("bench");
    for (let from = 0; from < itemCount; from += 1000) await bare.write(from, 1000);
    return c.json({});
  })
  // Persons who agree to it and like so many items each, a hundred interactions a call.
  .post("/persons/:name", async (c) => {
    const { from, count, likes } = personsSchema.parse(await c.req.json());
    const object = c.env.TENANT_PERSONALISATION.getByName(c.req.param("name"));
    const said = { personalisation: true, history: true };
    for (let person = from; person < from + count; person++)
      await object.changeConsents({ personId: `person-${person}`, said, textVersion: null, source: "bench" });
    const all = Array.from({ length: count * likes }, (_, place) =>
      likeOf(from + (place % count), Math.floor(place / count)),
    );
    for (let at = 0; at < all.length; at += 100) await object.takeInteractions(all.slice(at, at + 100));
    return c.json({});
  })
  .post("/ask/:name", async (c) => {
    const { number } = askedSchema.parse(await c.req.json());
    const list = await c.env.TENANT_PERSONALISATION.getByName(c.req.param("name")).recommend({
      personId: `person-${number}`,
      limit: shown,
      query: null,
      language: null,
      tags: [],
      exclude: [],
      requestId: crypto.randomUUID(),
    });
    return c.json({ items: list.items.length });
  })
  // Somebody of whom all is known that may be.
  .post("/person/:name", async (c) => {
    const object = c.env.TENANT_PERSONALISATION.getByName(c.req.param("name"));
    const said = { personalisation: true, history: true, location: true, insights: true };
    await object.changeConsents({ personId: "known", said, textVersion: null, source: "bench" });
    const facts = Array.from({ length: 200 }, (_, number) => ({
      id: `fact-${number}`,
      text: `Fact ${number}: likes tea number ${number % 17} with friends on day ${number % 7}`,
      conversationId: "bench",
      messageId: "bench",
      confidence: 0.8,
    }));
    for (let from = 0; from < facts.length; from += 20)
      await object.learnFacts({ personId: "known", facts: facts.slice(from, from + 20) });
    return c.json({});
  })
  .post("/describe/:name", async (c) => {
    const text = "Which tea do my friends like?";
    const object = c.env.TENANT_PERSONALISATION.getByName(c.req.param("name"));
    return c.json({ block: await object.describePerson({ personId: "known", how: "full", text }) });
  })
  .post("/past/:name", async (c) => {
    const { persons, each } = pastSchema.parse(await c.req.json());
    await c.env.TENANT_PERSONALISATION.getByName(c.req.param("name")).fillInteractions(
      persons,
      each,
      itemCount,
    );
    return c.json({});
  })
  .post("/rebuild/:name", async (c) => {
    await c.env.TENANT_PERSONALISATION.getByName(c.req.param("name")).rebuild();
    return c.json({});
  })
  .post("/rebuilt/:name", async (c) =>
    c.json({ upTo: await c.env.TENANT_PERSONALISATION.getByName(c.req.param("name")).rebuiltUpTo() }),
  )
  .post("/bare/read", async (c) => {
    const { number } = askedSchema.parse(await c.req.json());
    return c.json({ bytes: await c.env.BARE_ROWS.getByName("bench").read((number * 61) % 9000) });
  })
  // As many rows as a hundred likes write at most.
  .post("/bare/write", async (c) => {
    const { number } = askedSchema.parse(await c.req.json());
    await c.env.BARE_ROWS.getByName("bench").write((number * 61) % 9000, 100 * rowsOfLike);
    return c.json({});
  });
