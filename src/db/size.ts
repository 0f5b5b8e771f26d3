import { sql } from "drizzle-orm";
import type { Database } from "./client.ts";

/** Bytes that the database takes, as D1 tells with every answer. */
export async function databaseBytes(db: Database): Promise<number> {
  const { meta } = await db.run(sql`SELECT 1`);
  return meta.size_after;
}
