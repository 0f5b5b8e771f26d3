import type { Platform } from "#src/platform.ts";
import { goOnWithSurvey, type StorageSurvey, storedSurvey } from "./storage-repository.ts";

/** A pass begins so long after the one before has ended. */
export const surveyEveryMs = 3_600_000;

/** Objects that R2 names at once, and how often it is asked in one go. */
const perPage = 1000;
const maxPages = 20;

/**
 * Goes on through all that lies in R2 and adds up how much that is, so many objects in one go. What is written or removed
 * meanwhile is in it or not; nothing that stays is left out or counted twice, whatever interrupts a pass.
 * @returns how many objects it has seen
 */
export async function measureStorage(
  { db, blobs }: Pick<Platform, "db" | "blobs">,
  now: number,
  { pages = maxPages, limit = perPage } = {},
): Promise<number> {
  const from = await storedSurvey(db);
  if (!isDue(from, now)) return 0;
  let { lastKey, seenBytes } = from;
  let seen = 0;
  let isMore = true;
  for (let page = 0; page < pages && isMore; page++) {
    const { objects, truncated } = await blobs.list({
      limit,
      ...(lastKey !== null && { startAfter: lastKey }),
    });
    lastKey = objects.at(-1)?.key ?? lastKey;
    seenBytes += objects.reduce((sum, { size }) => sum + size, 0);
    seen += objects.length;
    isMore = truncated;
  }
  const to = isMore
    ? { ...from, lastKey, seenBytes }
    : { lastKey: null, seenBytes: 0, bytes: seenBytes, measuredAt: now };
  await goOnWithSurvey(db, from, to);
  return seen;
}

/** Whether a pass goes on or begins; a clock that was set back begins one. */
const isDue = ({ lastKey, measuredAt }: StorageSurvey, now: number): boolean =>
  lastKey !== null || measuredAt === null || Math.abs(now - measuredAt) >= surveyEveryMs;
