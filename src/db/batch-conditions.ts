import { type SQL, sql } from "drizzle-orm";

/** True when the statement right before this one in the batch changed a row. */
export const previousChanged: SQL = sql`changes() > 0`;

/** True of nothing: switches a statement of a fixed batch off. */
export const never: SQL = sql`false`;
