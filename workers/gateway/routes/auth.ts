import { z } from "@hono/zod-openapi";
import { database } from "#src/db/client.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { limitMails } from "#src/identity/accounts/limit-mails.ts";
import { registerUser } from "#src/identity/accounts/register-user.ts";
import { reportLater } from "#src/identity/accounts/report-suspicion.ts";
import { findUser } from "#src/identity/accounts/user-repository.ts";
import { sendVerification } from "#src/identity/accounts/verify-email.ts";
import {
  loginSchema,
  refreshSchema,
  registerSchema,
  tokenResponseSchema,
  userSchema,
} from "#src/identity/schemas.ts";
import { logIn } from "#src/identity/sessions/log-in.ts";
import { logOut } from "#src/identity/sessions/log-out.ts";
import { type OnReuse, refreshSession } from "#src/identity/sessions/refresh-session.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { GatewayContext } from "../context.ts";
import { deliverEventsLater } from "../event-delivery.ts";
import { deviceOf, identityContext } from "../identity-context.ts";
import { mailLater } from "../mailer.ts";
import { authenticate } from "../middleware/authenticate.ts";
import { reportFailures } from "../report-later.ts";
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
  description:
    "Whoever must change the password gets 403 `PASSWORD_CHANGE_REQUIRED`; `details.token` is good for one call " +
    "of `POST /auth/password/reset`. Repeated failures lock for a growing time.",
  responses: {
    200: tokens,
    ...errorResponses("VALIDATION_ERROR", "INVALID_CREDENTIALS", "PASSWORD_CHANGE_REQUIRED", "RATE_LIMITED"),
  },
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
    200: jsonResponse("Valid", z.object({ valid: z.literal(true), user: userSchema }).openapi("Validation")),
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
    ...errorResponses("UNAUTHORIZED", "TOKEN_INVALID", "TOKEN_EXPIRED", "UPSTREAM_UNAVAILABLE"),
  },
});

const callerOf = ({ userId, email, clientId, role, tier, permissions }: Account) => ({
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
    deliverEventsLater(c, tokens.user.client_id);
    // The account stands whether or not the mail goes out now; it can be asked for again.
    mailLater(c, async (mailer) => {
      await limitMails(context, c.var.clientIp);
      await sendVerification(context, mailer, tokens.user);
    });
    return c.json(tokens, 201, { Location: "/api/v1/user/profile" });
  })
  .openapi(login, async (c) => {
    const signedIn = await logIn(identityContext(c), c.req.valid("json"), deviceOf(c), reportFailures(c));
    return c.json(signedIn, 200);
  })
  .openapi(refresh, async (c) => {
    const onReuse: OnReuse = async (user, sessionId) => {
      reportLater(c.var.platform, deviceOf(c), user, {
        kind: "refresh_token_reused",
        facts: { session_id: sessionId },
      });
      await shutOut(c.env, user.clientId, sessionId);
    };
    return c.json(await refreshSession(identityContext(c), c.req.valid("json").refresh_token, onReuse), 200);
  })
  .openapi(validate, async (c) => {
    const user = await findUser(database(c.env.DB), c.var.actor.userId);
    if (!user?.isActive) throw new AppError("TOKEN_INVALID");
    const caller = { ...callerOf(c.var.actor), email_verified: user.emailVerified };
    return c.json({ valid: true as const, user: caller }, 200);
  })
  .openapi(session, (c) => c.json(callerOf(c.var.actor), 200))
  .openapi(logout, async (c) => {
    await logOut(identityContext(c), c.var.actor, deviceOf(c));
    await shutOut(c.env, c.var.actor.clientId, c.var.actor.sessionId);
    return c.json({ message: "Signed out" }, 200);
  });
