import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { shutOut } from "../gates/shut-out.ts";
import { checkOwnPassword } from "../passwords/check-password.ts";
import { deleteAccountSchema, messageSchema } from "../schemas.ts";
import { stopRunsOf } from "./stop-runs.ts";
import { deletionOf } from "./user-change.ts";
import { applyUserChanges } from "./user-change-repository.ts";
import { findUser } from "./user-repository.ts";
import { ownAction } from "./user-traces.ts";

/** In one batch; personal data goes after the retention period (`scrubDeletedUsers`). */
export const deleteAccount = sessionOperation({
  name: "deleteAccount",
  summary: "Delete one's own account: sign-in ends at once, personal data is removed later",
  description:
    "Every session ends, what the account still executes is cancelled, and the e-mail address is free again. " +
    "The last administrator's account stays (409).",
  input: z.object({ body: deleteAccountSchema }),
  output: messageSchema,
  refusals: ["INVALID_CREDENTIALS", "CONFLICT", "RATE_LIMITED", "UPSTREAM_UNAVAILABLE"],
  run: async (platform, actor, { body: { password, reason } }) => {
    const { db, clock } = platform;
    const user = await checkOwnPassword(platform, actor, password);
    const entry = ownAction("user.deleted", user, actor.device, reason ? { reason } : {});
    const now = clock.now();
    // Nothing happens unless the account still has the password that was checked.
    const deletion = { ...deletionOf(user, entry, now), needsPassword: true };
    const ended = (await applyUserChanges(db, [deletion], now)).get(user.id);
    if (!ended) {
      const isUnchanged = (await findUser(db, user.id))?.passwordHash === user.passwordHash;
      throw new AppError("CONFLICT", {
        message: isUnchanged
          ? "The last administrator's account cannot be deleted"
          : "The account was changed by somebody else",
      });
    }
    platform.told(user.clientId);
    await stopRunsOf(platform, user);
    await shutOut(platform, user.clientId, ...ended);
    return { message: "The account is deleted" };
  },
});
