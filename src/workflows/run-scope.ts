import { hasRole, type Principal } from "../identity/principal.ts";
import type { RunScope } from "./tenant-workflows-api.ts";

/** Which runs a caller reaches: administrators the tenant's, everybody else their own. */
export const scopeOfPrincipal = (principal: Principal): RunScope =>
  hasRole(principal, "admin") ? "tenant" : { userId: principal.userId };
