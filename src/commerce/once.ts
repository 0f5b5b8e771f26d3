import type { Database } from "#src/db/client.ts";
import { isUniqueViolation } from "#src/db/unique-violation.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { type RequestKey, requestKey } from "#src/kernel/request-key.ts";
import type { Call, Performed } from "#src/operation/operation.ts";
import { findKey } from "./commerce-key-repository.ts";

/** A call's key among those of everybody; null of a call without one. */
export const keyOf = (
  { clientId, userId }: Account,
  operation: string,
  { idempotencyKey }: Call,
  input: unknown,
): RequestKey | null => requestKey([clientId, userId, operation], idempotencyKey, input);

/** What a key has made before. */
async function madeBefore(db: Database, { key, bodyDigest }: RequestKey): Promise<string | undefined> {
  const found = await findKey(db, key);
  if (found && found.bodyDigest !== bodyDigest)
    throw new AppError("CONFLICT", { message: "This Idempotency-Key was used with another body" });
  return found?.entityId;
}

/**
 * Makes something once for its key, however often and however much at once it is asked for: the key is in the batch that
 * makes it, so that nothing is between the two.
 * @param find what was made, by its id, as it is now
 * @param make its batch has the key's statement
 * @throws AppError `CONFLICT` where the key came with another body
 */
export async function madeOnce<T>(
  db: Database,
  key: RequestKey | null,
  find: (id: string) => Promise<T>,
  make: () => Promise<T>,
): Promise<Performed<T>> {
  if (key === null) return { output: await make(), replayed: false };
  const before = await madeBefore(db, key);
  if (before !== undefined) return { output: await find(before), replayed: true };
  try {
    return { output: await make(), replayed: false };
  } catch (error) {
    const meanwhile = isUniqueViolation(error) ? await madeBefore(db, key) : undefined;
    if (meanwhile === undefined) throw error;
    return { output: await find(meanwhile), replayed: true };
  }
}
