import { eq, isNull, or, type SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Account } from "#src/kernel/actor.ts";
import type { Owner } from "./ownership.ts";

/** What a tenant can use: its own and the platform's; of the platform's own things (`null`) only those. */
export const usableBy = (column: SQLiteColumn, clientId: Owner): SQL | undefined =>
  clientId === null ? isNull(column) : or(isNull(column), eq(column, clientId));

/** What an administrator can read: what the tenant can use, and everything for the operator's. */
export const readableBy = (column: SQLiteColumn, { scope, clientId }: Account): SQL | undefined =>
  scope === "platform" ? undefined : usableBy(column, clientId);

/** `usableBy` as ranges of an index that begins with the owner: together they are followed in order, nothing is sorted. */
export const usableRanges = (column: SQLiteColumn, clientId: string): SQL[] => [
  isNull(column),
  eq(column, clientId),
];

/** `readableBy` as ranges; a single one, everything, for the operator's administrators. */
export const readableRanges = (column: SQLiteColumn, { scope, clientId }: Account): (SQL | undefined)[] =>
  scope === "platform" ? [undefined] : usableRanges(column, clientId);
