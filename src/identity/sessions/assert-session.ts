import type { Database } from "#src/db/client.ts";
import type { SignedIn } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { isSessionInForce } from "./session-repository.ts";
import { nobodyCanTell } from "./verified-token.ts";

/**
 * Asks the database, not a lease of the gate, whether a session is there and in force.
 * @throws AppError `TOKEN_INVALID` when it is not; `UPSTREAM_UNAVAILABLE` when it cannot tell
 */
export async function assertSession(db: Database, { sessionId }: SignedIn): Promise<void> {
  const isInForce = await isSessionInForce(db, sessionId).catch(nobodyCanTell);
  if (!isInForce) throw new AppError("TOKEN_INVALID", { message: "The session has ended" });
}
