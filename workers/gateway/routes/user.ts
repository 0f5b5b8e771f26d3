import { createRoute } from "@hono/zod-openapi";
import { errorResponses } from "../../../src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "../../../src/http/openapi.ts";
import { getProfile, updateProfile } from "../../../src/identity/profile.ts";
import { profileSchema, updateProfileSchema } from "../../../src/identity/schemas.ts";
import type { GatewayContext } from "../context.ts";
import { identityContext } from "../identity-context.ts";
import { authenticate } from "../middleware/authenticate.ts";

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
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "USER_NOT_FOUND"),
  },
});

export const user = createRouter<GatewayContext>()
  .openapi(get, async (c) => c.json(await getProfile(identityContext(c), c.var.principal), 200))
  .openapi(put, async (c) =>
    c.json(await updateProfile(identityContext(c), c.var.principal, c.req.valid("json")), 200),
  );
