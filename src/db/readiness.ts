import { getTableColumns, is, sql } from "drizzle-orm";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import recorded from "../../migrations/checksums.json" with { type: "json" };
import recordedOfCommerce from "../../migrations/commerce/checksums.json" with { type: "json" };
import type { Database } from "./client.ts";
import * as commerceSchema from "./commerce/index.ts";
import * as schema from "./schema/index.ts";

/** The database is not what this build works on; the message says what to do about it. */
export class NotMigratedError extends Error {
  override readonly name = "NotMigratedError";
}

/** What a database has to be: its binding, its migrations, and its tables. */
export interface Built {
  binding: string;
  migrations: readonly string[];
  tables: readonly SQLiteTable[];
}

const tablesOf = (entries: Record<string, unknown>): SQLiteTable[] =>
  Object.values(entries).filter((entry): entry is SQLiteTable => is(entry, SQLiteTable));

/** The platform's database, as this build has it. */
export const platformDatabase: Built = {
  binding: "DB",
  migrations: Object.keys(recorded),
  tables: tablesOf(schema),
};

/** The database of commerce, as this build has it. */
export const commerceDatabase: Built = {
  binding: "COMMERCE_DB",
  migrations: Object.keys(recordedOfCommerce),
  tables: tablesOf(commerceSchema),
};

/** How the migrations of a database differ from those that are built in. */
export interface MigrationGap {
  /** Built in and not applied: the database is older. */
  missing: string[];
  /** Applied and not known here: the database is newer. */
  unknown: string[];
}

/** Compares what is applied with what is built in. */
export function migrationGap(
  applied: readonly string[],
  builtIn: readonly string[] = platformDatabase.migrations,
): MigrationGap {
  return {
    missing: builtIn.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !builtIn.includes(name)),
  };
}

/** Names of the migrations that a database has had. */
export async function appliedMigrations(db: Database): Promise<string[]> {
  const kept = await db.all(sql`SELECT 1 FROM sqlite_schema WHERE name = 'd1_migrations'`);
  if (kept.length === 0) return [];
  const rows = await db.all<{ name: string }>(sql`SELECT name FROM d1_migrations ORDER BY id`);
  return rows.map(({ name }) => name);
}

/** Reads no row. Qualified, because SQLite takes an unknown name in quotes alone for a text. */
function probeOf(table: SQLiteTable) {
  const columns = Object.values(getTableColumns(table)).map(({ name }) => sql`t.${sql.identifier(name)}`);
  return sql`SELECT ${sql.join(columns, sql`, `)} FROM ${table} AS t WHERE t.rowid = 0`;
}

/** Whether a table or column is missing, and not the whole database out of reach. */
const lacksSomething = (error: unknown): boolean =>
  error instanceof Error && (/no such (table|column)/.test(error.message) || lacksSomething(error.cause));

/**
 * Throws unless every table has every column that this build reads. A migration's name alone does not tell: before the
 * first release the files were rewritten under the same names.
 */
export async function assertColumns(db: Database, { tables }: Built = platformDatabase): Promise<void> {
  const [first, ...rest] = tables.map((table) => db.all(probeOf(table)));
  if (!first) return;
  try {
    await db.batch([first, ...rest]);
  } catch (cause) {
    if (!lacksSomething(cause)) throw cause;
    throw new NotMigratedError(
      "The database is from before the first release and cannot be carried forward: begin with an empty one (locally: npm run reset)",
      { cause },
    );
  }
}

const complete = new WeakSet<Database>();

/**
 * Throws unless the database answers and has had every migration that is built in. One that has had more is ready:
 * migrations only expand, so that the build before works on it as well.
 * @throws NotMigratedError
 */
export async function assertReady(db: Database, built: Built = platformDatabase): Promise<void> {
  const { missing } = migrationGap(await appliedMigrations(db), built.migrations);
  if (missing.length > 0) {
    throw new NotMigratedError(
      `The database is older than this build; it lacks ${missing.join(", ")}. Apply them: npx wrangler d1 migrations apply ${built.binding} --remote (npm start does so locally)`,
    );
  }
  if (complete.has(db)) return;
  await assertColumns(db, built);
  complete.add(db);
}
