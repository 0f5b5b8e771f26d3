import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { countOpen } from "./conversation-repository.ts";

/** Conversations of a person that have not ended, and those that they may begin within an hour. */
const limits = { open: 200, hourly: { seconds: 3600, most: 30 } } as const;

/**
 * Counts a conversation that somebody is about to begin. Those of the last hour are counted where they are begun, and not
 * in the lists, which follow later and know nothing of what is erased by then.
 * @throws AppError `QUOTA_EXCEEDED`, `RATE_LIMITED`
 */
export async function beginningAllowed(
  { db, objects }: Pick<Platform, "db" | "objects">,
  actor: Pick<Account, "clientId" | "userId">,
): Promise<void> {
  const open = await countOpen(db, actor, limits.open);
  if (open >= limits.open)
    throw new AppError("QUOTA_EXCEEDED", { details: { resource: "open conversations", limit: limits.open } });
  const gate = await objects.gate(actor.clientId);
  const { granted, windows } = await gate.takeCalls({
    key: `conversations:${actor.userId}`,
    limits: [limits.hourly],
    wanted: 1,
    reserve: 0,
    grant: crypto.randomUUID(),
  });
  if (granted > 0) return;
  throw new AppError("RATE_LIMITED", {
    message: `At most ${limits.hourly.most} new conversations an hour`,
    headers: { "Retry-After": String(Math.ceil((windows[0]?.resetsIn ?? 0) / 1000)) },
  });
}
