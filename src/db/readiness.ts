import type { Database } from "./client.ts";
import { users } from "./schema/index.ts";

/** Throws unless the database answers and its migrations are applied as far as sign-in needs them. */
export async function assertReady(db: Database): Promise<void> {
  await db.select({ id: users.id }).from(users).limit(1);
}
