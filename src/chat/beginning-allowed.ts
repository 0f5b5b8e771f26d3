import type { Person } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { takeOne } from "#src/rate-limits/index.ts";
import { countOpen } from "./conversation-repository.ts";

/** Conversations of a person that have not ended. */
const mostOpen = { user: 200, visitor: 5 } as const satisfies Record<Person["kind"], number>;

/** Those that they may begin within an hour. */
const hourly = { seconds: 3600, most: 30 } as const;

/**
 * Counts a conversation that somebody is about to begin. Those of the last hour are counted where they are begun, and not
 * in the lists, which follow later and know nothing of what is erased by then.
 * @throws AppError `QUOTA_EXCEEDED`, `RATE_LIMITED`
 */
export async function beginningAllowed(
  { db, objects }: Pick<Platform, "db" | "objects">,
  person: Person,
): Promise<void> {
  const limit = mostOpen[person.kind];
  const open = await countOpen(db, person, limit);
  if (open >= limit)
    throw new AppError("QUOTA_EXCEEDED", { details: { resource: "open conversations", limit } });
  const begun = { key: `conversations:${person.id}`, limits: [hourly] };
  const taken = await takeOne(await objects.gate(person.clientId), begun);
  if ("grant" in taken) return;
  throw new AppError("RATE_LIMITED", {
    message: `At most ${hourly.most} new conversations an hour`,
    headers: { "Retry-After": String(taken.waitSeconds) },
  });
}
