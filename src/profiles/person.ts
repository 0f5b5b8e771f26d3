import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { isAccount, oneself, personOf, type Talker } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";

export const personIdSchema = z
  .string()
  .regex(/^[\w-]{1,100}$/, "An id")
  .openapi({
    description: "Whose it is: an account, or a visitor; `me` for oneself",
    example: "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c",
  });

export const personParams = z.object({ user_id: personIdSchema });

/** Who is meant by an id. */
export const meantPerson = (actor: Talker, id: string): string => (id === oneself ? personOf(actor).id : id);

/**
 * The caller, where an id means them.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`: what is known of somebody is changed by them alone
 */
export function ownPerson(actor: Talker, id: string): string {
  const { id: own } = personOf(actor);
  if (meantPerson(actor, id) !== own) throw new AppError("INSUFFICIENT_PERMISSIONS");
  return own;
}

/**
 * A person of whom the caller may know what is known: themself; for staff anybody of their tenant, which leaves a trace
 * before it is shown.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export async function readablePerson(
  platform: Pick<Platform, "db" | "clock">,
  actor: Talker,
  id: string,
): Promise<string> {
  const personId = meantPerson(actor, id);
  if (personId === personOf(actor).id) return personId;
  if (!isAccount(actor) || actor.scope === "own") throw new AppError("INSUFFICIENT_PERMISSIONS");
  await auditAction(platform, actor, { action: "profile.opened", target: { type: "user", id: personId } });
  return personId;
}
