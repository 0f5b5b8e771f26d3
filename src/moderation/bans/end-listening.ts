import type { Person } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";

/**
 * Has all that somebody hears conversations by closed; whatever they open from now on is refused.
 * @throws AppError `UPSTREAM_UNAVAILABLE` where not all could be told: said again, it is done again
 */
export async function endListening(
  { objects }: Pick<Platform, "objects">,
  { clientId, id }: Pick<Person, "clientId" | "id">,
): Promise<void> {
  try {
    await (await objects.gate(clientId)).endRights(id);
  } catch (cause) {
    throw new AppError("UPSTREAM_UNAVAILABLE", { headers: { "Retry-After": "5" }, cause });
  }
}
