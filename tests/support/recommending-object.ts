import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { takeSteps } from "#durable-objects/table-steps.ts";
import { assembleRecommendations } from "#durable-objects/tenant-personalisation/assemble-recommendations.ts";
import { tableSteps } from "#durable-objects/tenant-personalisation/tables.ts";
import type { Purpose } from "#src/kernel/personalisation-words.ts";
import type { GivenInteraction, ItemContent, WishFor } from "#src/objects/recommendations-api.ts";

export const now = Date.UTC(2026, 5, 1);
export const dayMs = 86_400_000;

export type Parts = ReturnType<typeof assembleRecommendations>;

type Granted = (personId: string, purpose: Purpose) => boolean;

/** In an object of its own, what recommends, with a storage whose written rows are counted. */
export const inObject = <T>(
  work: (parts: Parts, storage: DurableObjectStorage, written: () => number) => T | Promise<T>,
  isGranted: Granted = () => true,
): Promise<T> =>
  runInDurableObject(env.TENANT_PERSONALISATION.getByName(`items-${uuidv7()}`), async (_, { storage }) => {
    takeSteps(storage, tableSteps);
    const { sql, written } = counted(storage.sql);
    const transactionSync = <R>(inside: () => R) => storage.transactionSync(inside);
    return work(assembleRecommendations({ sql, transactionSync }, isGranted), storage, written);
  });

/** SQL whose written rows are counted since the last time that they were asked for. */
function counted(sql: SqlStorage): { sql: SqlStorage; written: () => number } {
  let cursors: { rowsWritten: number }[] = [];
  const exec = <T extends Record<string, SqlStorageValue>>(query: string, ...values: SqlStorageValue[]) => {
    const cursor = sql.exec<T>(query, ...values);
    cursors.push(cursor);
    return cursor;
  };
  const get = (target: SqlStorage, key: string | symbol): unknown =>
    key === "exec" ? exec : Reflect.get(target, key);
  return {
    sql: new Proxy(sql, { get }),
    written: () => {
      const rows = cursors.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
      cursors = [];
      return rows;
    },
  };
}

export const itemOf = (id: string, more: Partial<ItemContent> = {}): ItemContent => ({
  id,
  kind: "item",
  title: `Item ${id}`,
  description: null,
  tags: [],
  language: null,
  url: null,
  image: null,
  publishedAt: null,
  expiresAt: null,
  available: true,
  attributes: {},
  ...more,
});

export const interaction = (
  personId: string | null,
  itemId: string,
  more: Partial<GivenInteraction> = {},
): GivenInteraction => ({
  id: `${personId}-${itemId}`,
  personId,
  itemId,
  type: "like",
  value: null,
  at: now,
  requestId: null,
  ...more,
});

export const wishFor = (personId: string | null, more: Partial<WishFor> = {}): WishFor => ({
  personId,
  limit: 5,
  query: null,
  language: null,
  tags: [],
  exclude: [],
  requestId: uuidv7({ msecs: now }),
  ...more,
});

/** Lets duties do what is due, until nothing is. */
export async function whatIsDue({ duties }: Parts, at: number): Promise<void> {
  for (const duty of duties)
    for (let part = 0; duty.nextAt !== null && duty.nextAt <= at; part++) {
      if (part > 10_000) throw new Error(`${duty.name} has no end`);
      await duty.run(at);
    }
}

const tables = [
  "items",
  "interactions",
  "lists_a",
  "lists_b",
  "figures_a",
  "figures_b",
  "figures_nobody",
] as const;

/** All rows of what recommends, byte by byte. */
export const everyRow = ({ sql }: Pick<DurableObjectStorage, "sql">): Record<string, string[]> =>
  Object.fromEntries(
    [...tables, "persons_a", "persons_b", "learning", "list_quality"].map((table) => [
      table,
      [...sql.exec(`SELECT * FROM ${table}`).raw()].map((row) =>
        JSON.stringify(
          row.map((value) => (value instanceof ArrayBuffer ? Buffer.from(value).toString("hex") : value)),
        ),
      ),
    ]),
  );
