import { and, eq, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { storageSurvey } from "#src/db/schema/index.ts";

export type StorageSurvey = Omit<typeof storageSurvey.$inferSelect, "only">;

const none: StorageSurvey = { lastKey: null, seenBytes: 0, bytes: null, measuredAt: null };

/** The survey's row. */
export const surveyOfStorage = (db: Database) =>
  db.select().from(storageSurvey).where(eq(storageSurvey.only, 1));

/** How far the survey is, and what it has found. */
export async function storedSurvey(db: Database): Promise<StorageSurvey> {
  const [survey] = await surveyOfStorage(db);
  return survey ?? none;
}

/** Says how far the survey is by now, unless somebody else has gone on from there. */
export const goOnWithSurvey = (db: Database, from: StorageSurvey, to: StorageSurvey) =>
  db
    .insert(storageSurvey)
    .values({ only: 1, ...to })
    .onConflictDoUpdate({
      target: storageSurvey.only,
      set: to,
      setWhere: and(
        sql`${storageSurvey.lastKey} IS ${from.lastKey}`,
        sql`${storageSurvey.measuredAt} IS ${from.measuredAt}`,
      ),
    });
