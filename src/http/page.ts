import { z } from "@hono/zod-openapi";
import { decodeCursor, encodeCursor } from "./cursor.ts";

/** Where a page of rows ordered by time and id, newest first, begins: after the row at this time with this id. */
const positionSchema = z.tuple([z.number().int(), z.string().max(300)]);
export type Position = z.infer<typeof positionSchema>;

export interface PageRequest {
  /** Undefined for the first page. */
  after: Position | undefined;
  limit: number;
}

/** A page request from the query parameters of `cursorQuery`. */
export const pageRequest = ({ cursor, limit }: { cursor?: string; limit: number }): PageRequest => ({
  after: cursor === undefined ? undefined : decodeCursor(cursor, positionSchema),
  limit,
});

/** The cursor property of every paged list. */
export const nextCursorSchema = z
  .string()
  .nullable()
  .openapi({ description: "Pass it as `cursor` for the next page; null on the last" });

/** What every list says besides its entries. */
export const pageFields = { count: z.number().int(), next_cursor: nextCursorSchema };

/** How many rows of a list come before the page that a cursor asks for. */
export const skippedBy = (cursor: string | undefined): number =>
  cursor === undefined ? 0 : decodeCursor(cursor, z.number().int().nonnegative());

/** The cursor of the page behind `end` rows of `total`. */
export const cursorBehind = (end: number, total: number): string | null =>
  end < total ? encodeCursor(end) : null;

/** A page of a list that is all at hand. */
export function pageOfAll<T>(
  entries: readonly T[],
  { cursor, limit }: { cursor?: string; limit: number },
): { rows: T[]; nextCursor: string | null } {
  const skipped = skippedBy(cursor);
  const end = skipped + limit;
  return { rows: entries.slice(skipped, end), nextCursor: cursorBehind(end, entries.length) };
}

/**
 * What a list by time and id says besides its entries, and the rows that it shows.
 * @param found one row more than the limit when there are more
 */
export function listed<T extends { createdAt: number; id: string }>(found: readonly T[], limit: number) {
  const { rows, nextCursor } = pageOf(found, limit, ({ createdAt, id }) => [createdAt, id]);
  return { rows, page: { count: rows.length, next_cursor: nextCursor } };
}

/** Splits off the row that was read beyond the page to see whether another page follows. */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  positionOf: (row: T) => Position,
): { rows: T[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page,
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null,
  };
}
