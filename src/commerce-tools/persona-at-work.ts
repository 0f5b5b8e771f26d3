import { accountNow } from "#src/identity/index.ts";
import { type Account, scopeOf } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { ToolCall } from "#src/objects/tool-calls.ts";
import type { Platform } from "#src/platform.ts";

/**
 * A persona at work: it may do what the owner of its run may do now, not what they might when it began.
 * @throws AppError `INSUFFICIENT_PERMISSIONS` where the owner is gone or switched off
 */
export async function personaAtWork(
  { db, settings }: Pick<Platform, "db" | "settings">,
  { clientId, userId, runId, instanceId }: ToolCall,
): Promise<Account> {
  const account = await accountNow(db, clientId, userId);
  if (!account)
    throw new AppError("INSUFFICIENT_PERMISSIONS", {
      message: "The owner of the run may do nothing any more",
    });
  const who = { ...account, clientId };
  return {
    kind: "run",
    ...who,
    runId,
    instanceId,
    scope: scopeOf(who, settings.OPERATOR_CLIENT_ID),
    via: "persona",
    device: { ip: "unknown", userAgent: "" },
  };
}
