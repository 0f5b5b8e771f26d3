import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unstable_splitSqlQuery } from "wrangler";

/** The table in which `wrangler d1 migrations` keeps what a database has had. */
const kept = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`;

/** Applies migrations to a database as `wrangler d1 migrations apply` does: each whole or not at all. */
export async function applyMigrations(
  database: D1Database,
  folder: string,
  names: readonly string[],
): Promise<void> {
  await database.prepare(kept).run();
  for (const name of names) {
    const statements = unstable_splitSqlQuery(readFileSync(join(folder, name), "utf8"));
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
    ]);
  }
}
