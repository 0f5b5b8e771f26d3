import { createMiddleware } from "hono/factory";
import {
  assertPermission,
  requireRole as assertRole,
  assertTier,
  type Role,
  type Tier,
} from "../../../src/identity/principal.ts";
import type { GatewayContext } from "../context.ts";

/** 403 unless the caller has `role` or a higher one. Stands behind `authenticate`, like the others here. */
export const requireRole = (role: Role) =>
  createMiddleware<GatewayContext>(async (c, next) => {
    assertRole(c.var.principal, role);
    await next();
  });

/** 403 unless the caller was granted `permission` or `*`, or is an administrator. */
export const requirePermission = (permission: string) =>
  createMiddleware<GatewayContext>(async (c, next) => {
    assertPermission(c.var.principal, permission);
    await next();
  });

/** 403 with `current_tier` and `required_tier` unless the caller's tier is `tier` or a higher one. */
export const requireTier = (tier: Tier) =>
  createMiddleware<GatewayContext>(async (c, next) => {
    assertTier(c.var.principal, tier);
    await next();
  });
