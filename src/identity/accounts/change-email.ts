import { z } from "@hono/zod-openapi";
import { auditStatement } from "#src/audit/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { checkOwnPassword } from "../passwords/check-password.ts";
import { makeOneTimeToken } from "../passwords/one-time-token-repository.ts";
import { tooMany } from "../passwords/too-many.ts";
import { emailSchema, givenPasswordSchema, messageSchema } from "../schemas.ts";
import { limitMails } from "./limit-mails.ts";
import { ownAction } from "./user-traces.ts";

const changeEmailSchema = z
  .strictObject({
    password: givenPasswordSchema,
    new_email: emailSchema.openapi({ description: "The address to have", example: "ada@new.example" }),
  })
  .openapi("ChangeEmail");

/** Whoever has the address already gets the letter, and the token is refused. */
export const changeEmail = sessionOperation({
  name: "changeEmail",
  summary: "Ask for another e-mail address; a token is mailed to it",
  description:
    "Nothing changes before the token comes back. The answer is the same whether or not another account has the address.",
  input: z.object({ body: changeEmailSchema }),
  output: messageSchema,
  refusals: ["INVALID_CREDENTIALS", "CONFLICT", "RATE_LIMITED", "UPSTREAM_UNAVAILABLE"],
  run: async (platform, actor, { body: { password, new_email } }) => {
    const { db, clock } = platform;
    await limitMails(platform, actor.device.ip);
    const mailer = platform.mailer();
    const user = await checkOwnPassword(platform, actor, password);
    if (new_email === user.email) throw new AppError("CONFLICT", { message: "It is your address already" });
    const made = await makeOneTimeToken(db, "change_email", user.id, clock.now(), new_email);
    if (!("token" in made)) throw tooMany("Too many mails; try again later", made.retryAfterSeconds);
    await auditStatement(db, ownAction("user.email_change_requested", user, actor.device), clock.now());
    await mailer.send({
      to: new_email,
      subject: "Confirm your new e-mail address",
      text:
        "Somebody asked to make this the e-mail address of their account. If it was you, confirm it within an hour " +
        `with this token, signed in to the account:\n\n${made.token}\n\nIf it was not you, do nothing.\n`,
    });
    return { message: "Confirm with the token that was mailed to the new address" };
  },
});
