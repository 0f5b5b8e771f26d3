import { AppError } from "#src/kernel/app-error.ts";
import { type Gates, notifyGates } from "./notify-gates.ts";

/**
 * Shuts ended sessions out everywhere: at once here, within the lease time in other isolates; their sockets close.
 * @throws AppError `UPSTREAM_UNAVAILABLE` when the tenant's objects cannot be told; the sweep repeats it
 */
export async function shutOut(platform: Gates, clientId: string, ...sessionIds: string[]): Promise<void> {
  if (sessionIds.length === 0) return;
  try {
    await notifyGates(platform, clientId, sessionIds);
  } catch (cause) {
    throw new AppError("UPSTREAM_UNAVAILABLE", {
      message: "The session has ended, but not everywhere yet",
      headers: { "Retry-After": "5" },
      cause,
    });
  }
}
