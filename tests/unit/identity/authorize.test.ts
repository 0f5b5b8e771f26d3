import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import type { Role, SignedIn } from "#src/kernel/actor.ts";
import type { GatewayContext } from "#workers/gateway/context.ts";
import { requirePermission, requireRole } from "#workers/gateway/middleware/authorize.ts";
import { handleError } from "#workers/gateway/middleware/error-handler.ts";

const user: SignedIn = {
  kind: "user",
  via: "rest",
  device: { ip: "", userAgent: "" },
  userId: "u-1",
  email: "user@test.example",
  clientId: "tenant",
  role: "user",
  tier: "free",
  permissions: [],
  sessionId: "s-1",
  expiresAt: 0,
  scope: "tenant",
};

/** What a caller gets who passes, or does not pass, a middleware. */
async function answerTo(
  over: Partial<SignedIn>,
  middleware: ReturnType<typeof requireRole>,
): Promise<{ status: number; details?: unknown }> {
  const app = new Hono<GatewayContext>();
  app.use(async (c, next) => {
    c.set("actor", { ...user, ...over });
    c.set("requestId", "request-1");
    await next();
  });
  app.get("/", middleware, (c) => c.json({}));
  app.onError(handleError);
  const answer = await app.request("/", {}, env, createExecutionContext());
  return { status: answer.status, ...(await answer.json<{ details?: unknown }>()) };
}

describe("A middleware that requires a role", () => {
  it.each<[Role, Role, number]>([
    ["user", "user", 200],
    ["user", "moderator", 403],
    ["user", "admin", 403],
    ["moderator", "user", 200],
    ["moderator", "moderator", 200],
    ["moderator", "admin", 403],
    ["admin", "user", 200],
    ["admin", "moderator", 200],
    ["admin", "admin", 200],
  ])("answers %s, where it is %s, with %i", async (role, required, status) => {
    const answer = await answerTo({ role }, requireRole(required));
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.details).toEqual({ required_role: required });
  });
});

describe("A middleware that requires a permission", () => {
  it.each<[string, Partial<SignedIn>, number]>([
    ["nobody's", {}, 403],
    ["granted", { permissions: ["personas.delete", "projects.manage"] }, 200],
    ["not the one granted", { permissions: ["personas.delete"] }, 403],
    ["like the one granted", { permissions: ["projects.manage.all"] }, 403],
    ["covered by *", { permissions: ["*"] }, 200],
    ["a moderator's", { role: "moderator" }, 403],
    ["an administrator's", { role: "admin" }, 200],
  ])("that is %s", async (_, over, status) => {
    const answer = await answerTo(over, requirePermission("projects.manage"));
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.details).toEqual({ required_permission: "projects.manage" });
  });
});
