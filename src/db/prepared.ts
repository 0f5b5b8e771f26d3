import type { Database } from "./client.ts";

/** A statement that is built once per database: making its text costs several times what filling it in does. */
export function prepared<T extends object>(prepare: (db: Database) => T): (db: Database) => T {
  const statements = new WeakMap<Database, T>();
  return (db) => {
    const known = statements.get(db);
    if (known) return known;
    const statement = prepare(db);
    statements.set(db, statement);
    return statement;
  };
}
