import { type Actor, hasPermission } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import type { Policy } from "./policy.ts";

/** Whether an operation is refused during maintenance: what reads goes on, and what its policy says. */
export const isHeldUpByMaintenance = ({ rate, duringMaintenance }: Policy): boolean =>
  rate !== "read" && !duringMaintenance;

/** Who works on the platform, and what has its time: schedules and the platform itself. */
const passes = (actor: Actor): boolean =>
  actor.kind === "system" ||
  actor.kind === "schedule" ||
  actor.kind === "trigger" ||
  actor.kind === "run" ||
  (actor.scope === "platform" && hasPermission(actor, "admin.system"));

/**
 * Refuses what changes something while the platform is under maintenance, but to the operator's administrators
 * (docs/operations.md#maintenance).
 * @throws AppError `MAINTENANCE`
 */
export async function requireNoMaintenance(
  platform: Pick<Platform, "config">,
  actor: Actor,
  policy: Policy,
): Promise<void> {
  if (!isHeldUpByMaintenance(policy)) return;
  const { enabled, message, retry_after_seconds: seconds } = (await platform.config()).maintenance;
  if (!enabled || passes(actor)) return;
  throw new AppError("MAINTENANCE", {
    message,
    details: { retry_after_seconds: seconds },
    headers: { "Retry-After": String(seconds) },
  });
}
