import type { Database } from "../db/client.ts";
import { AppError } from "../http/app-error.ts";
import { type Principal, reaches } from "../identity/principal.ts";
import { type ClientRow, findClient } from "./client-repository.ts";

/**
 * A tenant that the caller's rights reach: any for the operator's administrators, one's own for others.
 * @throws AppError `NOT_FOUND`, also for a tenant that exists out of reach
 */
export async function clientWithin(db: Database, principal: Principal, id: string): Promise<ClientRow> {
  const row = reaches(principal, id) ? await findClient(db, id) : undefined;
  if (!row) throw new AppError("NOT_FOUND", { message: "No such client" });
  return row;
}
