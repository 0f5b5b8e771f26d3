import { endRights } from "#src/identity/index.ts";
import type { Person } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";

/**
 * Has all that somebody hears conversations by closed; whatever they open from now on is refused.
 * @throws AppError `UPSTREAM_UNAVAILABLE` where not all could be told: said again, it is done again
 */
export async function endListening(
  platform: Pick<Platform, "db" | "clock" | "objects">,
  { clientId, id, kind }: Person,
): Promise<void> {
  try {
    // A visitor has no socket but those at conversations.
    if (kind === "visitor") await (await platform.objects.gate(clientId)).endRights(id);
    else await endRights(platform, clientId, id);
  } catch (cause) {
    throw new AppError("UPSTREAM_UNAVAILABLE", { headers: { "Retry-After": "5" }, cause });
  }
}
