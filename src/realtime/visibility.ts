import type { PlatformEvent } from "#src/events/index.ts";
import { hasRole, type Role } from "#src/kernel/actor.ts";
import { audienceOf } from "#src/kernel/event-catalogue.ts";
import type { Audience } from "#src/kernel/events/entry.ts";
import type { RunScope } from "#src/objects/runs-api.ts";

/** Whoever listens, as far as it decides what they may hear. */
export interface Hearer {
  userId: string;
  role: Role;
}

/**
 * Audiences of the catalogue that a role belongs to where the event is another's. It is what REST shows
 * that role: a moderator reads accounts, sessions and audit, and never others' runs and texts.
 */
const audiencesOf: Record<Role, readonly Audience[]> = {
  user: ["tenant"],
  moderator: ["tenant", "staff"],
  admin: ["tenant", "staff", "owner"],
};

/** The runs that somebody may read: their own, or, as an administrator, all of their tenant. */
export const runsReadBy = ({ userId, role }: Hearer): RunScope =>
  hasRole({ role }, "admin") ? "tenant" : { userId };

/** Whether an event may be shown: live, in `history` and in a replay alike. */
export const maySee = (
  { userId, role }: Hearer,
  { owner_user_id, event }: Pick<PlatformEvent, "owner_user_id" | "event">,
): boolean =>
  owner_user_id === null || owner_user_id === userId || audiencesOf[role].includes(audienceOf(event));
