import type { z } from "@hono/zod-openapi";
import type { Actor } from "#src/kernel/actor.ts";
import type { Call, Operation } from "#src/operation/operation.ts";
import { perform } from "#src/operation/perform.ts";
import type { Platform } from "#src/platform.ts";
import type { GraphqlWants } from "#src/realtime/index.ts";

/** What every resolver of a request is given. */
export type GraphqlContext = {
  /** Without limits: the request has been counted as a whole, by what it costs. */
  platform: Platform;
  actor: Actor;
  call: Call;
  /** Whether the request changes something, so that what it has read may be so no longer. */
  changes: boolean;
  /** Where a subscription goes on that was broken off: the place of the last event that was told. */
  resumeAfter?: string | undefined;
  /** Told what a subscription follows, by whom somebody else reads the log; then it tells nothing itself. */
  follow?(wants: GraphqlWants, since: number | undefined): void;
  /** Told that an earlier call with the same key has done what this one asks for. */
  onReplay(): void;
};

/**
 * What an operation answers; it decides everything, also whether this caller may ask.
 * @throws AppError what it refuses
 */
export async function ask<I extends z.ZodObject, O extends z.ZodType, A extends Actor>(
  { platform, actor, call }: GraphqlContext,
  operation: Operation<I, O, A>,
  input: z.input<I>,
): Promise<z.output<O>> {
  return (await perform(operation, platform, actor, { ...input }, call)).output;
}

/**
 * What an operation answers that changes something; its body is for it to check, as REST leaves that to it.
 * @param key of this field, where several fields of a request have one
 */
export async function askFor<I extends z.ZodObject, O extends z.ZodType, A extends Actor>(
  { platform, actor, call, onReplay }: GraphqlContext,
  operation: Operation<I, O, A>,
  input: Record<keyof I["shape"] & string, unknown>,
  key?: string | null,
): Promise<z.output<O>> {
  const given = key === undefined || key === null ? call : { ...call, idempotencyKey: key };
  const { output, replayed } = await perform(operation, platform, actor, { ...input }, given);
  if (replayed) onReplay();
  return output;
}

/** Has a thing that many fields of a request lead to found once for it. */
export function oncePerRequest<T>(find: (context: GraphqlContext, id: string) => Promise<T>): typeof find {
  const found = new WeakMap<GraphqlContext, Map<string, Promise<T>>>();
  return (context, id) => {
    if (context.changes) return find(context, id);
    const known = found.get(context) ?? new Map<string, Promise<T>>();
    found.set(context, known);
    const finding = known.get(id) ?? find(context, id);
    known.set(id, finding);
    return finding;
  };
}
