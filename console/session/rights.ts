import type { User } from "./session.ts";

const ranks = { user: 0, moderator: 1, admin: 2 } as const;

/** Whether somebody has a role, or a higher one. */
export const hasRole = (user: User | undefined, role: keyof typeof ranks): boolean =>
  user !== undefined && ranks[user.role] >= ranks[role];

/** Whether somebody holds a permission, by itself or with all. */
export const holds = (user: User | undefined, permission: string): boolean =>
  user?.permissions.some((name) => name === permission || name === "*") ?? false;

/** Whether somebody may do what a permission opens: administrators hold all of them. */
export const may = (user: User | undefined, permission: string): boolean =>
  hasRole(user, "admin") || holds(user, permission);
