import { gt, lt, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertRows } from "#src/db/json-rows.ts";
import { removeInPieces } from "#src/db/remove-in-pieces.ts";
import { openTasks } from "#src/db/schema/index.ts";
import type { OpenTasks } from "#src/objects/platform-message.ts";

/**
 * Writes what objects have counted, each unless the read model has a later count of that object.
 * @param reports no two of one object
 */
export const putOpenTasks = (db: Database, reports: readonly OpenTasks[]) =>
  insertRows(
    db,
    openTasks,
    reports.map(({ type, ...report }) => report),
  ).map((insert) =>
    insert.onConflictDoUpdate({
      target: [openTasks.clientId, openTasks.shard],
      set: { at: sql`excluded.at`, until: sql`excluded.until`, topics: sql`excluded.topics` },
      setWhere: sql`${openTasks.at} < excluded.at`,
    }),
  );

/** Open tasks of all objects by topic. Looks at the objects that have any, and at no other. */
export const countOpenTasks = (db: Database, now: number) =>
  db.all<{ topic: string; open: number }>(
    sql`SELECT open.key AS topic, sum(open.value) AS open FROM ${openTasks}, json_each(${openTasks.topics}) AS open
      WHERE ${gt(openTasks.until, now)} GROUP BY open.key`,
  );

/** Forgets objects of which nothing was heard since a time. */
export const forgetOpenTasks = (db: Database, before: number) =>
  removeInPieces(db, openTasks, lt(openTasks.until, before));
