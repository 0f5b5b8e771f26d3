import { type Database, database } from "./client.ts";

/** Where a session of reads may begin: at the primary, or at whatever copy is near (D1's own words). */
const beginnings = ["first-primary", "first-unconstrained"] as const;
const bookmarkPattern = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/;

/** Whether a session can begin there: a beginning, or a bookmark of an earlier session. */
export const isBookmark = (text: string): boolean =>
  beginnings.some((word) => word === text) || bookmarkPattern.test(text);

/** The database as somebody sees it who has seen it before: never older than it was then. */
export interface DatabaseSession {
  db: Database;
  /** How far it has been seen; null while nothing has been asked. */
  bookmark(): string | null;
}

/**
 * Reads from the nearest copy that is at least as new as the bookmark; writes go to the primary as ever
 * (docs/api.md#reading-near-you).
 */
export function databaseSession(binding: D1Database, bookmark: string): DatabaseSession {
  const session = binding.withSession(bookmark);
  const db = database({
    prepare: (query) => session.prepare(query),
    batch: (statements) => session.batch(statements),
    exec: (query) => binding.exec(query),
    withSession: (constraint) => binding.withSession(constraint),
    dump: () => binding.dump(),
  });
  return { db, bookmark: () => session.getBookmark() };
}
