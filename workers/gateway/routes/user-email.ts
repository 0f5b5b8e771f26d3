import { z } from "@hono/zod-openapi";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import {
  confirmEmailChange,
  emailChangeNotice,
  requestEmailChange,
} from "#src/identity/accounts/change-email.ts";
import { limitMails } from "#src/identity/accounts/limit-mails.ts";
import { emailSchema } from "#src/identity/schemas.ts";
import type { GatewayContext } from "../context.ts";
import { deliverEventsLater } from "../event-delivery.ts";
import { deviceOf, identityContext } from "../identity-context.ts";
import { mailerOf, mailLater } from "../mailer.ts";
import { authenticate } from "../middleware/authenticate.ts";
import { reportFailures } from "../report-later.ts";

const shared = { tags: ["User"], security: bearer, middleware: authenticate };
const message = (description: string) => jsonResponse(description, z.object({ message: z.string() }));

const change = createRoute({
  ...shared,
  method: "post",
  path: "/email",
  operationId: "changeEmail",
  summary: "Ask for another e-mail address; a token is mailed to it",
  description:
    "Nothing changes before the token comes back. The answer is the same whether or not another account has the address.",
  request: {
    body: jsonBody(
      z
        .strictObject({
          password: z.string().min(1).max(128),
          new_email: emailSchema.openapi({ description: "The address to have", example: "ada@new.example" }),
        })
        .openapi("ChangeEmail"),
    ),
  },
  responses: {
    202: message("A mail is on its way to the new address"),
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

const confirm = createRoute({
  ...shared,
  method: "post",
  path: "/email/confirm",
  operationId: "confirmEmail",
  summary: "Take the new e-mail address with the token that was mailed to it",
  description:
    "The old address is told, sessions go on, and access tokens say the new one from the next refresh on.",
  // A malformed one is refused like any other that is no good: 401, not 400.
  request: { body: jsonBody(z.strictObject({ token: z.string() }).openapi("ConfirmEmail")) },
  responses: {
    200: message("Changed"),
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "CONFLICT"),
  },
});

/** Changing one's own e-mail address. */
export const userEmail = createRouter<GatewayContext>()
  .openapi(change, async (c) => {
    await limitMails(identityContext(c), c.var.clientIp);
    const mailer = mailerOf(c.env);
    const request = c.req.valid("json");
    const { actor } = c.var;
    await requestEmailChange(identityContext(c), mailer, actor, request, deviceOf(c), reportFailures(c));
    return c.json({ message: "Confirm with the token that was mailed to the new address" }, 202);
  })
  .openapi(confirm, async (c) => {
    const { actor } = c.var;
    const previous = await confirmEmailChange(
      identityContext(c),
      actor,
      c.req.valid("json").token,
      deviceOf(c),
    );
    mailLater(c, (mailer) => mailer.send(emailChangeNotice(previous)));
    deliverEventsLater(c, actor.clientId);
    return c.json({ message: "The address is changed" }, 200);
  });
