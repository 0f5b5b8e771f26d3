import type { Platform } from "#src/platform.ts";
import { heldByNobodyThere } from "./held-repository.ts";

/** Conversations that are let go of at a time. */
const atOnce = 50;

/**
 * Has the queue hold what is held by people who are switched off, or may handle conversations no longer: however that has
 * come, and also where it came before the lists knew what they hold. Whoever has taken one since keeps it.
 * @returns how many there were
 */
export async function releaseAbsentHolders({
  db,
  objects,
}: Pick<Platform, "db" | "objects">): Promise<number> {
  const held = await heldByNobodyThere(db, atOnce);
  const failures: unknown[] = [];
  for (const { id, clientId, holderId } of held) {
    try {
      const conversation = await objects.conversation(clientId, id);
      // Refused where somebody else holds it by now: the lists will hear of it.
      await conversation.changeHolder({ change: { action: "absence", of: holderId }, reason: "" });
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "Conversations of absent staff remain held");
  return held.length;
}
