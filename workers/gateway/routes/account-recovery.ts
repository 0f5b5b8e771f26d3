import { z } from "@hono/zod-openapi";
import { database } from "#src/db/client.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { limitMails } from "#src/identity/accounts/limit-mails.ts";
import { findUser } from "#src/identity/accounts/user-repository.ts";
import { sendVerification, verifyEmail } from "#src/identity/accounts/verify-email.ts";
import { forgotPassword, resetPassword } from "#src/identity/passwords/reset-password.ts";
import { emailSchema, newPasswordSchema } from "#src/identity/schemas.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { GatewayContext } from "../context.ts";
import { deliverEventsLater } from "../event-delivery.ts";
import { deviceOf, identityContext } from "../identity-context.ts";
import { mailerOf, mailLater } from "../mailer.ts";
import { authenticate } from "../middleware/authenticate.ts";
import { shutOut } from "../shut-out.ts";

const tags = ["Authentication"];
// A malformed one is refused like any other that is no good: 401, not 400.
const tokenSchema = z.string();
const message = (description: string) => jsonResponse(description, z.object({ message: z.string() }));

const verify = createRoute({
  method: "post",
  path: "/verify-email",
  operationId: "verifyEmail",
  tags,
  summary: "Prove an e-mail address with the mailed token",
  request: { body: jsonBody(z.strictObject({ token: tokenSchema }).openapi("VerifyEmail")) },
  responses: { 200: message("Verified"), ...errorResponses("VALIDATION_ERROR", "TOKEN_INVALID") },
});

const resend = createRoute({
  method: "post",
  path: "/verify-email/resend",
  operationId: "resendVerification",
  tags,
  summary: "Send the verification mail again",
  security: bearer,
  middleware: authenticate,
  responses: {
    202: message("Sent"),
    ...errorResponses(
      "UNAUTHORIZED",
      "TOKEN_INVALID",
      "USER_NOT_FOUND",
      "CONFLICT",
      "RATE_LIMITED",
      "UPSTREAM_UNAVAILABLE",
    ),
  },
});

const forgot = createRoute({
  method: "post",
  path: "/password/forgot",
  operationId: "forgotPassword",
  tags,
  summary: "Ask for a password-reset mail; the answer is the same whether or not the account exists",
  request: { body: jsonBody(z.strictObject({ email: emailSchema }).openapi("ForgotPassword")) },
  responses: {
    202: message("If the account exists, a mail is on its way"),
    ...errorResponses("VALIDATION_ERROR", "RATE_LIMITED", "UPSTREAM_UNAVAILABLE"),
  },
});

const reset = createRoute({
  method: "post",
  path: "/password/reset",
  operationId: "resetPassword",
  tags,
  summary:
    "Set a new password with a mailed token, or one from a sign-in that must change it; every session ends",
  request: {
    body: jsonBody(
      z.strictObject({ token: tokenSchema, new_password: newPasswordSchema }).openapi("ResetPassword"),
    ),
  },
  responses: { 200: message("Set"), ...errorResponses("VALIDATION_ERROR", "TOKEN_INVALID") },
});

export const accountRecovery = createRouter<GatewayContext>()
  .openapi(verify, async (c) => {
    const { clientId } = await verifyEmail(identityContext(c), c.req.valid("json").token, deviceOf(c));
    deliverEventsLater(c, clientId);
    return c.json({ message: "Verified" }, 200);
  })
  .openapi(resend, async (c) => {
    const user = await findUser(database(c.env.DB), c.var.actor.userId);
    if (!user) throw new AppError("USER_NOT_FOUND");
    await limitMails(identityContext(c), c.var.clientIp);
    await sendVerification(identityContext(c), mailerOf(c.env), user);
    return c.json({ message: "Sent" }, 202);
  })
  .openapi(forgot, async (c) => {
    const { email } = c.req.valid("json");
    await limitMails(identityContext(c), c.var.clientIp);
    const mailer = mailerOf(c.env);
    // After the answer: how long it takes must not tell whether the account exists.
    mailLater(c, () => forgotPassword(identityContext(c), mailer, email));
    return c.json({ message: "If the account exists, a mail is on its way" }, 202);
  })
  .openapi(reset, async (c) => {
    const { clientId, sessions } = await resetPassword(identityContext(c), c.req.valid("json"), deviceOf(c));
    await shutOut(c.env, clientId, ...sessions);
    return c.json({ message: "The new password is set" }, 200);
  });
