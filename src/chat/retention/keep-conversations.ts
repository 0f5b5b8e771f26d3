import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { Platform } from "#src/platform.ts";
import { conversationsToArchive, conversationsToErase, markArchived } from "./retention-repository.ts";

/** Conversations that one go of the job erases, and so many that it archives; the next goes on. */
const most = 100;

/** Conversations that are seen to side by side. */
const atOnce = 4;

/**
 * The cron job: erases conversations that their tenant keeps no longer, and moves those that have long ended to the
 * archive. One that fails stays due and holds up no other.
 * @returns how many were erased and archived
 * @throws AggregateError when there were failures
 */
export async function keepConversations(
  { db, objects }: Pick<Platform, "db" | "objects">,
  now: number,
): Promise<number> {
  const failures: unknown[] = [];
  const each = async <T>(things: readonly T[], work: (thing: T) => Promise<unknown>) => {
    await mapConcurrent(things, atOnce, (thing) =>
      work(thing).catch((error: unknown) => {
        failures.push(error);
      }),
    );
    return things.length;
  };
  const erased = await each(await conversationsToErase(db, now, most), async ({ clientId, id }) =>
    (await objects.conversation(clientId, id)).erase(),
  );
  const archived = await each(
    await conversationsToArchive(db, now, most),
    async ({ clientId, id, endedAt }) => {
      const conversation = await objects.conversation(clientId, id);
      const outcome = valueOrThrow(await conversation.archive(endedAt ?? 0));
      if (outcome.archived) await markArchived(db, id, now);
    },
  );
  if (failures.length > 0) throw new AggregateError(failures, "Conversations were not archived or erased");
  return erased + archived;
}
