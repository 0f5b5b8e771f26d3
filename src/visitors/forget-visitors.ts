import { dayMs } from "#src/kernel/clock.ts";
import type { Platform } from "#src/platform.ts";
import {
  forgetBansOfVisitors,
  forgetUnseenVisitors,
  forgetVisitorTokens,
  quietConversations,
} from "./visitor-repository.ts";

/** So long what visitors said is kept after its last word, and who they were after they were last here. */
export const keptMs = 90 * dayMs;

/** Conversations that one go of the job erases; the next goes on. */
const erasedAtOnce = 100;

/**
 * The cron job: erases conversations of visitors that have long been quiet, and forgets visitors who have none any more. One
 * that fails stays due and holds up no other.
 * @returns how many were erased and forgotten
 * @throws AggregateError when there were failures
 */
export async function forgetVisitors(
  { db, objects }: Pick<Platform, "db" | "objects">,
  now: number,
): Promise<number> {
  const before = now - keptMs;
  const due = await quietConversations(db, before, erasedAtOnce);
  const failures: unknown[] = [];
  for (const { id, clientId } of due) {
    try {
      await (await objects.conversation(clientId, id)).erase();
    } catch (error) {
      failures.push(error);
    }
  }
  const tokens = await forgetVisitorTokens(db, now);
  const visitors = await forgetUnseenVisitors(db, before);
  await forgetBansOfVisitors(db);
  if (failures.length > 0) throw new AggregateError(failures, "Conversations of visitors remain");
  return due.length + tokens + visitors;
}
