import type { Platform } from "#src/platform.ts";
import { advanceExport, beginExportStep, failExport } from "./export-repository.ts";
import { type Gathering, gatherConversation } from "./gather-conversation.ts";

/** Conversations that one message gathers: each takes a few calls, and pages of its own. */
export const conversationsOfStep = 10;

/** An export that somebody began to go on with so often without coming further is given up. */
export const maxExportAttempts = 20;

/**
 * Goes on with an export. Safe to repeat, to interrupt and to do twice at once: what is gathered is written to the same
 * place again, and one alone goes on from there.
 * @returns whether there is more to do, and it is the caller's to see to it
 */
export async function continueExport(
  platform: Gathering & Pick<Platform, "db" | "clock" | "log">,
  id: string,
): Promise<boolean> {
  const { db, clock, log } = platform;
  const job = await beginExportStep(db, id, clock.now());
  if (!job) return false;
  const { attempts, done, conversationIds } = job;
  if (attempts > maxExportAttempts) {
    log.error("export given up", { export_id: id, done });
    await failExport(db, id, clock.now());
    return false;
  }
  const to = Math.min(done + conversationsOfStep, conversationIds.length);
  for (const conversationId of conversationIds.slice(done, to))
    await gatherConversation(platform, job, conversationId);
  const isOurs = await advanceExport(db, job, to, clock.now());
  return isOurs && to < conversationIds.length;
}
