import type { z } from "@hono/zod-openapi";
import { answerOnce, inputBytes } from "#src/idempotency/index.ts";
import { type Actor, isAccount, isActingWithin, isTalker, personOf } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { canonicalJson } from "#src/kernel/request-key.ts";
import type { Platform } from "#src/platform.ts";
import type { Call, Operation, Performed } from "./operation.ts";

/** Characters of a call's key. */
export const maxKeyLength = 255;

/**
 * Runs an operation once for its key, however often it is called with it; as often as it is called without one.
 * @throws AppError `CONFLICT` as `answerOnce`; `VALIDATION_ERROR` for a key that is none
 */
export async function once<I extends z.ZodObject, O extends z.ZodType, A extends Actor>(
  operation: Operation<I, O, A>,
  platform: Platform,
  actor: A,
  input: z.output<I>,
  call: Call,
): Promise<Performed<z.output<O>>> {
  const { idempotencyKey: key } = call;
  const run = () => operation.run(platform, actor, input, call);
  if (key === undefined || operation.replays === "none") return run();
  if (key.length === 0 || key.length > maxKeyLength) {
    throw new AppError("VALIDATION_ERROR", {
      details: { fields: [{ path: "Idempotency-Key", message: `1 to ${maxKeyLength} characters` }] },
    });
  }
  if (operation.replays === "own") return run();
  return answerOnce(
    platform,
    {
      caller: callerOf(actor),
      operation: `${operation.name} ${"params" in input ? canonicalJson(input.params) : ""}`,
      key,
      body: await inputBytes(input),
      rights: isAccount(actor) ? actor : null,
    },
    operation.output,
    async () => (await run()).output,
  );
}

/** Whose keys they are: within another tenant somebody's are others than at home. */
function callerOf(actor: Actor): string {
  if (!isTalker(actor)) return "nobody";
  const { id } = personOf(actor);
  return isActingWithin(actor) ? `${id} within ${actor.clientId}` : id;
}
