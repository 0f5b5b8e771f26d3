import { type SQL, sql } from "drizzle-orm";

/** A UUIDv7 of its own for each row of a statement. */
export const idOfEach = (now: number): SQL =>
  sql`printf('%08x-%04x-7', ${now} / 65536, ${now} % 65536) || substr(lower(hex(randomblob(2))), 2) || '-8' ||
    substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))`;
