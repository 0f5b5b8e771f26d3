import type { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { validationError } from "#src/http/error-response.ts";
import { type Actor, isActingWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { requireNoMaintenance } from "./maintenance.ts";
import type { Call, Operation, Performed } from "./operation.ts";
import { type Policy, policies } from "./policy.ts";
import { once } from "./replays.ts";
import { admit } from "./rights.ts";

/** A call's input as it came in, not checked yet; or how to read it, which is done for who is admitted only. */
export type RawInput = Record<string, unknown> | (() => Promise<Record<string, unknown>>);

/**
 * Carries out a call, whatever way it came in: counts it, asks the policy and whether there is maintenance, reads and
 * checks the input, does it once however often it comes under one key, and delivers what it has told.
 * @throws AppError what the limits, the policy, the input and the operation refuse
 */
export async function perform<I extends z.ZodObject, O extends z.ZodType, A extends Actor>(
  operation: Operation<I, O, A>,
  platform: Platform,
  actor: Actor,
  raw: RawInput,
  call: Call = {},
): Promise<Performed<z.output<O>>> {
  const policy: Policy = policies[operation.name];
  const counting = platform.limits?.take(actor, policy.rate, policy.cost);
  if (counting) await counting;
  const admitted = admit(actor, policy);
  if (!operation.isFor(admitted)) throw new AppError("INSUFFICIENT_PERMISSIONS");
  await requireNoMaintenance(platform, actor, policy);
  const input = checked(operation.input, typeof raw === "function" ? await raw() : raw);
  if (isActingWithin(admitted) && policy.rate !== "read") {
    // First: nothing is done without one, whatever else the operation itself says of it.
    await auditAction(platform, admitted, {
      action: "client.acted_within",
      target: { type: "client", id: admitted.clientId },
      details: { operation: operation.name, acts_from: admitted.actsFrom },
    });
  }
  try {
    return await once(operation, platform, admitted, input, call);
  } finally {
    platform.deliver();
  }
}

/** The input, if it is as the schema says. What it is about cannot be there when it cannot even have that name. */
function checked<I extends z.ZodObject>(schema: I, raw: Record<string, unknown>): z.output<I> {
  // A part that is left out says nothing: it is there, and empty.
  const empty = Object.fromEntries(Object.keys(schema.shape).map((part) => [part, {}]));
  const result = schema.safeParse({ ...empty, ...raw });
  if (result.success) return result.data;
  const { issues } = result.error;
  const nameless = issues.find(({ path }) => path[0] === "params");
  if (nameless) throw new AppError(nameless.path[1] === "user_id" ? "USER_NOT_FOUND" : "NOT_FOUND");
  throw validationError(issues.map(withinItsPart));
}

/** An issue where it is within the part of the input that it is in, as its sender knows it. */
const withinItsPart = <T extends { path: PropertyKey[] }>(issue: T): T => {
  const [, ...path] = issue.path;
  return { ...issue, path };
};
