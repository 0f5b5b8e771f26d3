import { drizzle } from "drizzle-orm/d1";
import * as schema from "./schema/index.ts";

/** The D1 database through drizzle; cheap, made once per request or event. */
export const database = (binding: D1Database) => drizzle(binding, { schema });

export type Database = ReturnType<typeof database>;
