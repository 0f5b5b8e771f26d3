import type { Role } from "../identity/principal.ts";
import type { PlatformEvent } from "./platform-event.ts";

/** Whoever listens, as far as it decides what they may hear. */
export interface Hearer {
  userId: string;
  role: Role;
}

/**
 * Kinds of events (the first part of the name) that a role hears of others in its tenant. It is what
 * REST shows that role: a moderator reads accounts, sessions and audit, and never others' runs and texts.
 */
const ofOthers: Record<Role, "all" | readonly string[]> = {
  user: [],
  moderator: ["user", "security"],
  admin: "all",
};

/** Whether an event may be shown: live, in `history` and in a replay alike. `system.*` goes to all of the tenant. */
export function maySee({ userId, role }: Hearer, { owner_user_id, event }: PlatformEvent): boolean {
  const [kind = ""] = event.split(".");
  if (owner_user_id === null || owner_user_id === userId || kind === "system") return true;
  const kinds = ofOthers[role];
  return kinds === "all" || kinds.includes(kind);
}
