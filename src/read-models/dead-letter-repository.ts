import type { Database } from "../db/client.ts";
import { deadLetters } from "../db/schema/index.ts";

/** Longest body kept of a message that could not be processed. */
const maxBody = 100_000;

/** Keeps a dead letter; the message's own id makes repeats harmless. */
export const putDeadLetter = (db: Database, letter: typeof deadLetters.$inferInsert) =>
  db
    .insert(deadLetters)
    .values({ ...letter, body: letter.body.slice(0, maxBody) })
    .onConflictDoNothing();
