import type { SQL } from "drizzle-orm";
import { auditStatement } from "../identity/audit-repository.ts";
import type { Principal } from "../identity/principal.ts";
import type { AuditAction } from "../kernel/audit-actions.ts";
import type { PersonaContext } from "./create-template.ts";

/** What the platform does by itself comes from no device. */
const noDevice = { ip: "", userAgent: "" };

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
  { db, clock, device = noDevice }: PersonaContext,
  principal: Principal,
  { action, target, clientId = principal.clientId, details }: Action,
  when?: SQL,
) =>
  auditStatement(
    db,
    { actorId: principal.userId, action, target, clientId, details, device },
    clock.now(),
    when,
  );
