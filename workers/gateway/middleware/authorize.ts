import { createMiddleware } from "hono/factory";
import {
  requireRole as assertRole,
  exercising,
  type Role,
  requirePlatform,
  type SignedIn,
} from "#src/kernel/actor.ts";
import type { GatewayContext } from "../context.ts";

/** 403 unless the caller has `role` or a higher one. Stands behind `authenticate`, like the others here. */
export const requireRole = (role: Role) =>
  createMiddleware<GatewayContext>(async (c, next) => {
    assertRole(c.var.actor, role);
    await next();
  });

/** 403 unless a check of the use case's own lets the caller through; what follows sees them as it returns them. */
export const requireThat = (check: (actor: SignedIn) => SignedIn) =>
  createMiddleware<GatewayContext>(async (c, next) => {
    c.set("actor", check(c.var.actor));
    await next();
  });

/** 403 unless the caller was granted `permission` or `*`, or is an administrator; from there on it is what carries them. */
export const requirePermission = (permission: string) =>
  requireThat((actor) => exercising(actor, permission));

/** 403 unless the caller administers the platform (docs/administration.md#roles-and-permissions). */
export const platformOnly = createMiddleware<GatewayContext>(async (c, next) => {
  requirePlatform(c.var.actor);
  await next();
});
