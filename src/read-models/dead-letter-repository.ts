import { and, count, desc, eq, gte, lt, or, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { deadLetters } from "#src/db/schema/index.ts";
import type { PageRequest } from "#src/http/page.ts";
import { cutText } from "#src/text/cut-text.ts";

export type DeadLetterRow = typeof deadLetters.$inferSelect;

/** Characters kept of a message that could not be processed: as many as a queue takes, so that it can be sent again. */
const maxBody = 128 * 1024;

/** Keeps a dead letter; the message's own id makes repeats harmless. */
export const putDeadLetter = (db: Database, letter: typeof deadLetters.$inferInsert) =>
  db
    .insert(deadLetters)
    .values({ ...letter, body: cutText(letter.body, maxBody) })
    .onConflictDoNothing();

/** Dead letters, newest first: one row more than the page, to see whether another follows. */
export const pageDeadLetters = (db: Database, { after, limit }: PageRequest, queue?: string) =>
  db
    .select()
    .from(deadLetters)
    .where(
      and(
        queue === undefined ? undefined : eq(deadLetters.queue, queue),
        after &&
          or(
            lt(deadLetters.createdAt, after[0]),
            and(eq(deadLetters.createdAt, after[0]), lt(deadLetters.id, after[1])),
          ),
      ),
    )
    .orderBy(desc(deadLetters.createdAt), desc(deadLetters.id))
    .limit(limit + 1);

/** Dead letters of a queue that nobody has sent again, newest first; one row more than asked for, as above. */
export const pageDeadLettersLeft = (
  db: Database,
  { after, limit }: PageRequest,
  { queue, reason }: { queue: string; reason?: string },
) =>
  db
    .select()
    .from(deadLetters)
    .where(
      and(
        eq(deadLetters.queue, queue),
        reason === undefined ? undefined : eq(deadLetters.reason, reason),
        // In the words of the index's condition: SQLite compares them.
        sql`redriven_at IS NULL`,
        after && sql`(${deadLetters.createdAt}, ${deadLetters.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(deadLetters.createdAt), desc(deadLetters.id))
    .limit(limit + 1);

export const findDeadLetter = (db: Database, id: string) =>
  db.select().from(deadLetters).where(eq(deadLetters.id, id)).get();

export const markRedriven = (db: Database, id: string, redrivenBy: string, redrivenAt: number) =>
  db.update(deadLetters).set({ redrivenBy, redrivenAt }).where(eq(deadLetters.id, id));

/** Dead letters of each queue since a time. */
export const deadLettersSince = (db: Database, since: number) =>
  db
    .select({ queue: deadLetters.queue, count: count() })
    .from(deadLetters)
    .where(gte(deadLetters.createdAt, since))
    .groupBy(deadLetters.queue);
