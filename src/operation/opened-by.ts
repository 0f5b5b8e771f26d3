import { scopes } from "#src/kernel/actor.ts";
import type { Permission } from "#src/kernel/permissions.ts";
import { type Policy, policies } from "./policy.ts";

/** The operations that a permission opens; `*` for all that administrators have. */
export const operationsOpenedBy = (permission: Permission): string[] =>
  permission === "*"
    ? ["*"]
    : Object.entries(policies).flatMap(([name, policy]) => (mentions(policy, permission) ? [name] : []));

const mentions = (policy: Policy, permission: Permission): boolean =>
  scopes.some((scope) =>
    policy[scope]?.some(
      (right) => right !== "anybody" && "permission" in right && right.permission === permission,
    ),
  );
