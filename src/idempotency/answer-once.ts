import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { Database } from "#src/db/client.ts";
import { hasPermission, hasRole, roles } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { keyRingOf, signingKeyOf } from "#src/kernel/key-ring.ts";
import { openText, sealText } from "#src/kernel/sealed-text.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { findAnswered, giveBackTurn, storeAnswer, takeTurn } from "./idempotency-key-repository.ts";
import { type KeyedRequest, macsOf, type Rights } from "./request-macs.ts";

/** How long an answer is given again (docs/api.md#idempotency). */
export const rememberedMs = 24 * 3_600_000;
/** Longer than any request may take; after it, one that died is made again. */
export const leaseMs = 60_000;
/** A larger answer is not kept: D1's rows end at 2 MB. */
const maxAnswerBytes = 1024 * 1024;

const rightsSchema = z.object({ role: z.enum(roles), permissions: z.array(z.string()) });
const keptSchema = z.object({
  output: z.unknown(),
  /** What its first caller might do. */
  rights: rightsSchema.nullable(),
});

/**
 * Does what a call asks for once, however often it comes: the first success is given again for 24 hours. A refusal is
 * not kept, so the call can be mended and sent again under its key.
 * @param schema what is given is held against, when it is given again
 * @throws AppError `CONFLICT` when the key came with another input, its first call is still at work, or its answer is
 *   one of another version
 */
export async function answerOnce<S extends z.ZodType>(
  { db, clock, log, settings }: Pick<Platform, "db" | "clock" | "log" | "settings">,
  request: KeyedRequest,
  schema: S,
  work: () => Promise<z.output<S>>,
): Promise<{ output: z.output<S>; replayed: boolean }> {
  const { id, bodyMac, sealKey } = await macsOf(request, signingKeyOf(keyRingOf(settings)));
  const turn = { id, bodyMac, attempt: uuidv7() };
  const now = clock.now();
  const times = { now, leaseUntil: now + leaseMs, expiresAt: now + rememberedMs };
  if (!(await takeTurn(db, turn, times))) {
    const output = await answerAgain(db, turn, sealKey, request.rights);
    if (isOf(schema, output)) return { output, replayed: true };
    // It was done by another version of the platform: told so, nobody takes it for something to be tried again.
    throw new AppError("CONFLICT", { message: "This was done before, and its answer cannot be given again" });
  }
  let output: z.output<S>;
  try {
    output = await work();
  } catch (error) {
    // A turn that cannot be given back ends with its lease; the caller hears what became of the call all the same.
    await giveBackTurn(db, turn).catch((failure: unknown) => {
      log.error("a turn could not be given back", errorFields(failure));
    });
    throw error;
  }
  try {
    const text = JSON.stringify({ output, rights: rightsOf(request.rights) });
    if (text.length > maxAnswerBytes) throw new Error(`An answer of ${text.length} characters is not kept`);
    await storeAnswer(db, turn, await sealText(sealKey, id, text));
  } catch (error) {
    // It is done and must be told; a repetition finds the turn taken, and is refused rather than done twice.
    log.error("an answer could not be kept for repetitions", errorFields(error));
  }
  return { output, replayed: false };
}

/** Whether a schema knows a value as its own. It is looked at, and stays as it was first given. */
const isOf = <S extends z.ZodType>(schema: S, value: unknown): value is z.output<S> =>
  schema.safeParse(value).success;

const rightsOf = (rights: Rights | null) =>
  rights && { role: rights.role, permissions: [...rights.permissions] };

/** Whether a caller may do less than when they first asked: what they saw by a right is not shown again without it. */
const hasLost = (now: Rights | null, then: Rights | null): boolean =>
  then !== null &&
  (now === null ||
    !hasRole(now, then.role) ||
    then.permissions.some((permission) => !hasPermission(now, permission)));

async function answerAgain(
  db: Database,
  { id, bodyMac }: { id: string; bodyMac: string },
  sealKey: string,
  rights: Rights | null,
): Promise<unknown> {
  const found = await findAnswered(db, id);
  if (found && found.bodyMac !== bodyMac)
    throw new AppError("CONFLICT", { message: "This Idempotency-Key was used with another body" });
  if (!found?.answer) {
    throw new AppError("CONFLICT", {
      message: "A request with this Idempotency-Key is at work",
      headers: { "Retry-After": "1" },
    });
  }
  const sealed = new Uint8Array(found.answer).buffer;
  const kept = keptSchema.parse(JSON.parse(await openText(sealKey, id, sealed)));
  if (hasLost(rights, kept.rights)) throw new AppError("INSUFFICIENT_PERMISSIONS");
  return kept.output;
}
