import type { Database } from "#src/db/client.ts";
import { type Account, reaches } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { type ClientRow, findClient } from "./client-repository.ts";

/**
 * A tenant that the caller's rights reach: any for the operator's administrators, one's own for others.
 * @throws AppError `NOT_FOUND`, also for a tenant that exists out of reach
 */
export async function clientWithin(db: Database, actor: Account, id: string): Promise<ClientRow> {
  const row = reaches(actor, id) ? await findClient(db, id) : undefined;
  if (!row) throw new AppError("NOT_FOUND", { message: "No such client" });
  return row;
}
