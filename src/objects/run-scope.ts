import { type Account, hasRole } from "#src/kernel/actor.ts";
import type { RunScope } from "./tenant-workflows-api.ts";

/** Which runs a caller reaches: administrators the tenant's, everybody else their own. */
export const scopeOfActor = (actor: Account): RunScope =>
  hasRole(actor, "admin") ? "tenant" : { userId: actor.userId };
