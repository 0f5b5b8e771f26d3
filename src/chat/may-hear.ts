import type { Person } from "#src/kernel/actor.ts";
import { requireNotBanned } from "#src/moderation/index.ts";
import type { Platform } from "#src/platform.ts";

/**
 * Closes what was opened for somebody who is banned; they learn of nothing by it.
 * @throws AppError `BANNED`
 */
export async function mayHear(
  platform: Pick<Platform, "db" | "clock">,
  person: Pick<Person, "clientId" | "id">,
  socket: WebSocket | null,
): Promise<void> {
  try {
    await requireNotBanned(platform, person);
  } catch (error) {
    socket?.accept();
    socket?.close(1000, "Not opened");
    throw error;
  }
}
