import type { z } from "@hono/zod-openapi";
import { validationError } from "#src/http/error-response.ts";
import type { Account } from "#src/kernel/actor.ts";
import type { Figures } from "#src/objects/tool-calls.ts";
import type { Operation } from "#src/operation/operation.ts";
import type { RawInput } from "#src/operation/perform.ts";
import type { Platform } from "#src/platform.ts";

/** What a call of a tool is carried out with. */
export interface Shop {
  /** Carries out an operation as the persona, once for the task that it is asked by. */
  perform: <I extends z.ZodObject, O extends z.ZodType>(
    operation: Operation<I, O, Account>,
    input: RawInput,
  ) => Promise<z.output<O>>;
  platform: Platform;
  actor: Account;
  /** What somebody has allowed was told to come of it; null where nobody was asked. */
  allowed: { before: Figures; after: Figures } | null;
}

/**
 * Something to do with arguments, which are checked first.
 * @throws AppError `VALIDATION_ERROR`
 */
export const checked =
  <S extends z.ZodType, T>(schema: S, run: (shop: Shop, given: z.output<S>) => Promise<T>) =>
  (shop: Shop, given: unknown): Promise<T> => {
    const { data, error } = schema.safeParse(given);
    if (error) throw validationError(error.issues);
    return run(shop, data);
  };
