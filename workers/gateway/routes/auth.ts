import { createRoute, z } from "@hono/zod-openapi";
import { tenantWorkflows } from "../../../durable-objects/tenant-workflows/client.ts";
import { errorResponses } from "../../../src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "../../../src/http/openapi.ts";
import { logIn, type OnSuspicion } from "../../../src/identity/log-in.ts";
import type { Principal } from "../../../src/identity/principal.ts";
import { refreshSession } from "../../../src/identity/refresh-session.ts";
import { registerUser } from "../../../src/identity/register-user.ts";
import {
  loginSchema,
  refreshSchema,
  registerSchema,
  tokenResponseSchema,
  userSchema,
} from "../../../src/identity/schemas.ts";
import { revokeSession } from "../../../src/identity/session-repository.ts";
import { sendVerification } from "../../../src/identity/verify-email.ts";
import type { GatewayContext } from "../context.ts";
import { deviceOf, identityContext } from "../identity-context.ts";
import { mailLater } from "../mailer.ts";
import { authenticate } from "../middleware/authenticate.ts";
import { shutOut } from "../shut-out.ts";

const tags = ["Authentication"];
const tokens = jsonResponse("Signed in", tokenResponseSchema);

const register = createRoute({
  method: "post",
  path: "/register",
  operationId: "register",
  tags,
  summary: "Make an account in a tenant that is open for registration",
  request: { body: jsonBody(registerSchema) },
  responses: {
    201: tokens,
    ...errorResponses("VALIDATION_ERROR", "REGISTRATION_CLOSED", "NOT_FOUND", "USER_EXISTS"),
  },
});

const login = createRoute({
  method: "post",
  path: "/login",
  operationId: "login",
  tags,
  summary: "Sign in with e-mail and password",
  request: { body: jsonBody(loginSchema) },
  responses: { 200: tokens, ...errorResponses("VALIDATION_ERROR", "INVALID_CREDENTIALS", "RATE_LIMITED") },
});

const refresh = createRoute({
  method: "post",
  path: "/refresh",
  operationId: "refreshTokens",
  tags,
  summary: "Trade a refresh token for new tokens",
  request: { body: jsonBody(refreshSchema) },
  responses: { 200: tokens, ...errorResponses("VALIDATION_ERROR", "TOKEN_INVALID", "TOKEN_EXPIRED") },
});

const callerSchema = userSchema.omit({ email_verified: true }).openapi("Caller");

const validate = createRoute({
  method: "post",
  path: "/validate",
  operationId: "validateToken",
  tags,
  summary: "Whether the access token is good, and whose it is",
  security: bearer,
  middleware: authenticate,
  responses: {
    200: jsonResponse(
      "Valid",
      z
        .object({ valid: z.literal(true), user: userSchema.omit({ email_verified: true }) })
        .openapi("Validation"),
    ),
    ...errorResponses("UNAUTHORIZED", "TOKEN_INVALID", "TOKEN_EXPIRED"),
  },
});

const session = createRoute({
  method: "get",
  path: "/session",
  operationId: "getSession",
  tags,
  summary: "Who one is, as the access token says; costs no storage",
  security: bearer,
  middleware: authenticate,
  responses: {
    200: jsonResponse("The caller", callerSchema),
    ...errorResponses("UNAUTHORIZED", "TOKEN_INVALID", "TOKEN_EXPIRED"),
  },
});

const logout = createRoute({
  method: "post",
  path: "/logout",
  operationId: "logout",
  tags,
  summary: "End the session: its access and refresh tokens stop working",
  security: bearer,
  middleware: authenticate,
  responses: {
    200: jsonResponse("Signed out", z.object({ message: z.string() })),
    ...errorResponses("UNAUTHORIZED", "TOKEN_INVALID", "TOKEN_EXPIRED"),
  },
});

const callerOf = ({ userId, email, clientId, role, tier, permissions }: Principal) => ({
  id: userId,
  email,
  client_id: clientId,
  role,
  tier,
  permissions: [...permissions],
});

export const auth = createRouter<GatewayContext>()
  .openapi(register, async (c) => {
    const context = identityContext(c);
    const tokens = await registerUser(context, c.req.valid("json"), deviceOf(c));
    // The account stands whether or not the mail goes out now; it can be asked for again.
    mailLater(c, (mailer) => sendVerification(context, mailer, tokens.user));
    return c.json(tokens, 201);
  })
  .openapi(login, async (c) => {
    const onSuspicion: OnSuspicion = ({ id, clientId }, facts) =>
      tenantWorkflows(c.env, clientId).appendEvent({
        id: `suspicion:${c.var.requestId}`,
        event: "security.suspicious_activity",
        entityId: id,
        ownerUserId: id,
        data: { user_id: id, ...facts },
      });
    return c.json(await logIn(identityContext(c), c.req.valid("json"), deviceOf(c), onSuspicion), 200);
  })
  .openapi(refresh, async (c) =>
    c.json(
      await refreshSession(identityContext(c), c.req.valid("json").refresh_token, (clientId, sessionId) =>
        shutOut(c.env, clientId, sessionId),
      ),
      200,
    ),
  )
  .openapi(validate, (c) => c.json({ valid: true as const, user: callerOf(c.var.principal) }, 200))
  .openapi(session, (c) => c.json(callerOf(c.var.principal), 200))
  .openapi(logout, async (c) => {
    const { clientId, userId, sessionId } = c.var.principal;
    const { db, clock } = identityContext(c);
    await revokeSession(db, userId, sessionId, clock.now());
    await shutOut(c.env, clientId, sessionId);
    return c.json({ message: "Signed out" }, 200);
  });
