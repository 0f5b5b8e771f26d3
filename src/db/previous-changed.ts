import { type SQL, sql } from "drizzle-orm";

/** True when the statement right before this one in the batch changed a row. */
export const previousChanged: SQL = sql`changes() > 0`;
