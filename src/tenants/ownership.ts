import { type Account, reaches } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";

/**
 * Whose a template, an agent definition or a workflow definition is: a tenant's, or null for the platform's, which
 * every tenant can read and use (docs/administration.md#templates-agents-workflows).
 */
export type Owner = string | null;

/** Whose the things are that a caller makes: the operator's administrators make them for everybody. */
export const ownerOf = ({ scope, clientId }: Account): Owner => (scope === "platform" ? null : clientId);

/** Throws `INSUFFICIENT_PERMISSIONS` unless the caller administers whose thing it is. */
export function requireOwner(actor: Account, owner: Owner): void {
  if (owner === null ? actor.scope === "platform" : reaches(actor, owner)) return;
  throw new AppError("INSUFFICIENT_PERMISSIONS", {
    message: "It belongs to the platform: only the operator's administrators can change it",
  });
}

/** A tenant's own thing goes before the platform's of the same name. */
export const ownLast = <T extends { clientId: Owner }>(rows: readonly T[]): T[] =>
  rows.toSorted((a, b) => Number(a.clientId !== null) - Number(b.clientId !== null));
