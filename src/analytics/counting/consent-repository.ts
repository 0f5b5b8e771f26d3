import { and, eq } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import {
  activePersons,
  analyticsConsents,
  cohortMembers,
  countedEvents,
  funnelProgress,
} from "#src/db/schema/index.ts";

/** Somebody of a tenant: an account, or a visitor. */
export interface Person {
  clientId: string;
  person: string;
}

/** From now on somebody's activity is counted under their id. */
export const allowAnalytics = (db: Database, person: Person) =>
  [db.insert(analyticsConsents).values(person).onConflictDoNothing()] as const;

/**
 * From now on somebody counts under no id, and nothing is there under it any more. What they are part of, sums over
 * many, stays. For one batch.
 */
export function withdrawAnalytics(db: Database, { clientId, person }: Person) {
  const isTheirs = (
    table: typeof analyticsConsents | typeof activePersons | typeof cohortMembers | typeof funnelProgress,
  ) => and(eq(table.clientId, clientId), eq(table.person, person));
  return [
    db.delete(analyticsConsents).where(isTheirs(analyticsConsents)),
    db.delete(activePersons).where(isTheirs(activePersons)),
    db.delete(cohortMembers).where(isTheirs(cohortMembers)),
    db.delete(funnelProgress).where(isTheirs(funnelProgress)),
    db
      .update(countedEvents)
      .set({ person: null })
      .where(and(eq(countedEvents.clientId, clientId), eq(countedEvents.person, person))),
  ] as const;
}

/** Keeps here what somebody has said to the purpose `analytics`. */
export async function followAnalyticsConsent(db: Database, person: Person, granted: boolean): Promise<void> {
  if (granted) await db.batch(allowAnalytics(db, person));
  else await db.batch(withdrawAnalytics(db, person));
}
