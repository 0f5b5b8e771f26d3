import {
  type Actor,
  hasPermission,
  hasRole,
  isActingWithin,
  isAdministrative,
  isWidgetVisitor,
  type Role,
  type Scope,
  tiers,
  type Visitor,
} from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Policy, Right } from "./policy.ts";

/** From the widest to the narrowest. */
const widestFirst = ["platform", "tenant", "own"] as const satisfies Scope[];

/**
 * The caller as far as a policy lets them do what it is the policy of: with the widest scope that they have a right to.
 * @throws AppError `UNAUTHORIZED` for who has not said who they are; `INSUFFICIENT_PERMISSIONS`
 */
export function admit<A extends Actor>(actor: A, policy: Policy): A {
  // What the platform does by itself, it may.
  if (actor.kind === "system") return actor;
  if (actor.kind === "visitor") {
    admitVisitor(actor, policy);
    return actor;
  }
  if (policy.by === "session" && actor.kind !== "user")
    throw new AppError("INSUFFICIENT_PERMISSIONS", { message: "Only whoever has signed in may do this" });
  if (isActingWithin(actor)) return admitActing(actor, policy);
  if (policy.tier !== undefined && tiers.indexOf(actor.tier) < tiers.indexOf(policy.tier))
    throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_tier: policy.tier } });
  const scope = widestFirst.find((each) => reachesScope(actor, policy, each));
  if (scope === undefined) throw missingRight(actor, policy);
  return scope === actor.scope ? actor : { ...actor, scope };
}

/**
 * Who acts within another tenant does what its administrators may do to its things; there is nothing of their own, and
 * what is there once for all tenants is done from home.
 */
function admitActing<A extends Actor>(actor: A, policy: Policy): A {
  if (policy.whileActing) return actor;
  if (policy.by === "session" || !reachesScope(actor, policy, "tenant"))
    throw new AppError("INSUFFICIENT_PERMISSIONS", {
      message: "Within another tenant only its administration is open: nothing of one's own, and no socket",
    });
  return { ...actor, scope: "tenant" };
}

/**
 * Somebody without an account does what is for anybody; whom a widget vouches for, besides, what is said to be for its
 * visitors, with what is their own. They hold no right, so no other is looked for.
 */
function admitVisitor(actor: Visitor, policy: Policy): void {
  if (policy.by === "anybody" && policy.own) return;
  if (!isWidgetVisitor(actor)) throw new AppError("UNAUTHORIZED");
  if (policy.visitors && policy.own) return;
  throw new AppError("INSUFFICIENT_PERMISSIONS", { message: "Visitors may not do this" });
}

/** Whether somebody has one of some rights to others' things in their tenant. */
export const holdsAny = (holder: Pick<Actor, "role" | "permissions">, rights: readonly Right[]): boolean =>
  rights.some((right) => holds(holder, right, "tenant"));

/** Whether a caller has a right to things of a scope; to those of every tenant only where their rights reach so far. */
function reachesScope(actor: Actor, policy: Policy, scope: Scope): boolean {
  const alternatives = policy[scope] ?? [];
  if (scope === "platform" && actor.scope !== "platform") return false;
  return alternatives.some((right) => holds(actor, right, scope));
}

function holds(actor: Pick<Actor, "role" | "permissions">, right: Right, scope: Scope): boolean {
  if (right === "anybody") return true;
  if ("role" in right) return hasRole(actor, right.role);
  // Beyond one's tenant only what is administrative carries, whatever else is held beside it.
  const carries = scope !== "platform" || isAdministrative(right.permission) || hasPermission(actor, "*");
  return carries && hasPermission(actor, right.permission);
}

/** The refusal of a caller who has no right at all. */
function missingRight(actor: Actor, policy: Policy): AppError {
  const [wanted] = policy.own ?? policy.tenant ?? policy.platform ?? [];
  if (wanted === undefined || wanted === "anybody" || holds(actor, wanted, "tenant"))
    return new AppError("INSUFFICIENT_PERMISSIONS", {
      message: "Only the operator's administrators may do this",
    });
  return new AppError("INSUFFICIENT_PERMISSIONS", { details: missing(wanted) });
}

const missing = (right: { role: Role } | { permission: string }) =>
  "role" in right ? { required_role: right.role } : { required_permission: right.permission };
