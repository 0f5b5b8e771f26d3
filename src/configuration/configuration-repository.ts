import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import { prepared } from "#src/db/prepared.ts";
import { platformSettings } from "#src/db/schema/index.ts";
import type { Configuration } from "./configuration.ts";
import type { StoredKey } from "./stored-configuration.ts";

const stored = prepared((db) => db.select().from(platformSettings).prepare());

/** Every key that was ever set: a handful. */
export const storedKeys = (db: Database): Promise<StoredKey[]> => stored(db).all();

const version = sql`(SELECT coalesce(max(version), 0) FROM ${platformSettings})`;

/** True while nobody has changed the configuration since it had this version. */
export const isConfigurationAt = (expected: number): SQL => sql`${version} = ${expected}`;

/**
 * Sets keys, all of them or none: nothing while the configuration has another version than the one that they were
 * decided upon; then no row comes back.
 */
export function setKeys(
  db: Database,
  values: Partial<Configuration>,
  {
    expected,
    by,
    now,
    followed = [],
  }: {
    expected: number;
    by: string;
    now: number;
    /** Keys of which others have to be told. */
    followed?: readonly string[];
  },
) {
  const entries = Object.entries(values).map(([key, value]) => [
    key,
    JSON.stringify(value),
    followed.includes(key),
  ]);
  return insertSelect(
    db,
    platformSettings,
    {
      key: sql`value ->> 0`,
      value: sql`value ->> 1`,
      version: expected + 1,
      updatedAt: now,
      updatedBy: by,
      pending: sql`value ->> 2`,
    },
    sql`FROM json_each(${JSON.stringify(entries)}) WHERE ${isConfigurationAt(expected)}`,
  )
    .onConflictDoUpdate({
      target: platformSettings.key,
      set: {
        value: sql`excluded.value`,
        version: sql`excluded.version`,
        updatedAt: sql`excluded.updated_at`,
        updatedBy: sql`excluded.updated_by`,
        pending: sql`excluded.pending`,
      },
    })
    .returning({ key: platformSettings.key });
}

/** Notes that those who have to be told of a key have been, of this version of it. */
export const markKeyTold = (db: Database, { key, version: told }: Pick<StoredKey, "key" | "version">) =>
  db
    .update(platformSettings)
    .set({ pending: false })
    .where(and(eq(platformSettings.key, key), eq(platformSettings.version, told)));
