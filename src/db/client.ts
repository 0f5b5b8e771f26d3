import { drizzle } from "drizzle-orm/d1";

const open = (binding: D1Database) => drizzle(binding);

export type Database = ReturnType<typeof open>;

const databases = new WeakMap<D1Database, Database>();

/** The D1 database through drizzle; one per binding, so that what is prepared with it once serves every request. */
export function database(binding: D1Database): Database {
  const known = databases.get(binding);
  if (known) return known;
  const opened = open(binding);
  databases.set(binding, opened);
  return opened;
}
