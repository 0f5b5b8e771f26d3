import { eq, lte } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { commerceKeys } from "#src/db/commerce/index.ts";
import { removeInPieces } from "#src/db/remove-in-pieces.ts";
import { dayMs } from "#src/kernel/clock.ts";
import type { RequestKey } from "#src/kernel/request-key.ts";

/** Remembers what is made under a key; stands in the batch that makes it, which a second one of the same key ends. */
export const keyStatement = (db: Database, { key, bodyDigest }: RequestKey, entityId: string, now: number) =>
  db.insert(commerceKeys).values({ key, bodyDigest, entityId, expiresAt: now + dayMs });

export const findKey = (db: Database, key: string) =>
  db.select().from(commerceKeys).where(eq(commerceKeys.key, key)).get();

/** Forgets keys whose day is over. */
export const forgetCommerceKeys = (db: Database, now: number): Promise<number> =>
  removeInPieces(db, commerceKeys, lte(commerceKeys.expiresAt, now));
