import { z } from "@hono/zod-openapi";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { deleteAccount } from "#src/identity/accounts/delete-account.ts";
import { getProfile, updateProfile } from "#src/identity/profile/profile.ts";
import { deleteAccountSchema, profileSchema, updateProfileSchema } from "#src/identity/schemas.ts";
import type { GatewayContext } from "../context.ts";
import { deliverEventsLater } from "../event-delivery.ts";
import { deviceOf, identityContext } from "../identity-context.ts";
import { authenticate } from "../middleware/authenticate.ts";
import { reportFailures } from "../report-later.ts";
import { shutOut } from "../shut-out.ts";
import { stopRunsOf } from "../stop-runs.ts";

const profile = jsonResponse("The profile", profileSchema);

const get = createRoute({
  method: "get",
  path: "/profile",
  operationId: "getProfile",
  tags: ["User"],
  summary: "One's own profile",
  security: bearer,
  middleware: authenticate,
  responses: { 200: profile, ...errorResponses("UNAUTHORIZED", "TOKEN_INVALID", "USER_NOT_FOUND") },
});

const put = createRoute({
  method: "put",
  path: "/profile",
  operationId: "updateProfile",
  tags: ["User"],
  summary: "Change one's own profile; fields left out stay as they are",
  security: bearer,
  middleware: authenticate,
  request: { body: jsonBody(updateProfileSchema) },
  responses: {
    200: profile,
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "USER_NOT_FOUND", "CONFLICT"),
  },
});

const remove = createRoute({
  method: "delete",
  path: "/delete",
  operationId: "deleteAccount",
  tags: ["User"],
  summary: "Delete one's own account: sign-in ends at once, personal data is removed later",
  description:
    "Every session ends, what the account still executes is cancelled, and the e-mail address is free again. " +
    "The last administrator's account stays (409).",
  security: bearer,
  middleware: authenticate,
  request: { body: jsonBody(deleteAccountSchema) },
  responses: {
    200: jsonResponse("Deleted", z.object({ message: z.string() })),
    ...errorResponses(
      "VALIDATION_ERROR",
      "INVALID_CREDENTIALS",
      "UNAUTHORIZED",
      "TOKEN_INVALID",
      "CONFLICT",
      "RATE_LIMITED",
      "UPSTREAM_UNAVAILABLE",
    ),
  },
});

export const user = createRouter<GatewayContext>()
  .openapi(get, async (c) => c.json(await getProfile(identityContext(c), c.var.actor), 200))
  .openapi(put, async (c) => {
    const context = { ...identityContext(c), blobs: c.env.BLOBS };
    const profile = await updateProfile(context, c.var.actor, c.req.valid("json"));
    deliverEventsLater(c, c.var.actor.clientId);
    return c.json(profile, 200);
  })
  .openapi(remove, async (c) => {
    const { userId, clientId } = c.var.actor;
    const ended = await deleteAccount(
      identityContext(c),
      c.var.actor,
      c.req.valid("json"),
      deviceOf(c),
      reportFailures(c),
    );
    deliverEventsLater(c, clientId);
    await stopRunsOf(c.env, { id: userId, clientId }, c.var.logger);
    await shutOut(c.env, clientId, ...ended);
    return c.json({ message: "The account is deleted" }, 200);
  });
