import type { SQL } from "drizzle-orm";
import type { Account } from "#src/kernel/actor.ts";
import type { AuditAction } from "#src/kernel/audit-actions.ts";
import type { Platform } from "#src/platform.ts";
import { auditStatement } from "./audit-repository.ts";

export interface Action {
  /** Dotted name, for example `template.updated`. */
  action: AuditAction;
  target: { type: string; id: string };
  /** Tenant of the target; the actor's own for what belongs to the platform. */
  clientId?: string;
  details?: Record<string, unknown>;
}

/** The audit row of an administrator's action; stands in the batch that carries it out, after the change. */
export const auditAction = (
  { db, clock }: Pick<Platform, "db" | "clock">,
  actor: Account,
  { action, target, clientId = actor.clientId, details }: Action,
  when?: SQL,
) =>
  auditStatement(
    db,
    { actorId: actor.userId, action, target, clientId, details, device: actor.device },
    clock.now(),
    when,
  );
