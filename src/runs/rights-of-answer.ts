import { type Account, hasPermission, missingPermission } from "#src/kernel/actor.ts";

/** What somebody may who answers a run: the object that asks holds it against what the call needs. */
export const rightsOf = ({ role, permissions }: Account): Pick<Account, "role" | "permissions"> => ({
  role,
  permissions,
});

/**
 * What an answer of yes needs, where that is to be known before it is given.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export function requireFor(actor: Account, needs: string | null): void {
  if (needs && !hasPermission(actor, needs)) throw missingPermission(needs);
}
