import { and, asc, eq, lte, type SQL, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { toolsWithoutApproval, unaskedChanges } from "#src/db/commerce/index.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import { removeInPieces } from "#src/db/remove-in-pieces.ts";
import { dayMs } from "#src/kernel/clock.ts";

export type FreedToolRow = typeof toolsWithoutApproval.$inferSelect;
export type UnaskedChange = typeof unaskedChanges.$inferInsert;

const ofInstance = (clientId: string, instanceId: string) =>
  and(eq(toolsWithoutApproval.clientId, clientId), eq(toolsWithoutApproval.instanceId, instanceId));

/** What a persona may change without being asked about. */
export const findFreedTools = (db: Database, clientId: string, instanceId: string): Promise<FreedToolRow[]> =>
  db
    .select()
    .from(toolsWithoutApproval)
    .where(ofInstance(clientId, instanceId))
    .orderBy(asc(toolsWithoutApproval.tool));

/** Says anew what a persona may change without being asked about. */
export async function replaceFreedTools(
  db: Database,
  clientId: string,
  instanceId: string,
  rows: readonly FreedToolRow[],
): Promise<void> {
  await db.batch([
    db.delete(toolsWithoutApproval).where(ofInstance(clientId, instanceId)),
    ...(rows.length > 0 ? [db.insert(toolsWithoutApproval).values([...rows])] : []),
  ]);
}

/** Whether what was done before leaves room for a change, by its number and by what it is worth. */
const leavesRoom = (before: SQL | undefined, amount: number, most: { count: SQL; amount: SQL }): SQL =>
  sql`(SELECT count(*) < ${most.count}
         AND coalesce(sum(iif(${unaskedChanges.currency} = ${toolsWithoutApproval.currency}, ${unaskedChanges.amount}, 0)), 0)
           + ${amount} <= ${most.amount}
       FROM ${unaskedChanges} WHERE ${before})`;

/**
 * Counts a change in, where its persona may make it without being asked about: both are one statement, so that of many
 * at once no more are let through than there is room for.
 * @returns whether it was; one that has been before stays counted
 */
export async function countIn(db: Database, change: UnaskedChange): Promise<boolean> {
  const { clientId, instanceId, runId, tool, day, currency, amount, taskId } = change;
  const ofTool = and(eq(unaskedChanges.instanceId, instanceId), eq(unaskedChanges.tool, tool));
  const { runCount, runAmount, dayCount, dayAmount } = toolsWithoutApproval;
  const inRun = and(ofTool, eq(unaskedChanges.runId, runId));
  const onDay = and(ofTool, eq(unaskedChanges.day, day));
  const allowed = and(
    ofInstance(clientId, instanceId),
    eq(toolsWithoutApproval.tool, tool),
    eq(toolsWithoutApproval.currency, currency),
    leavesRoom(inRun, amount, { count: sql`${runCount}`, amount: sql`${runAmount}` }),
    leavesRoom(onDay, amount, { count: sql`${dayCount}`, amount: sql`${dayAmount}` }),
  );
  const [counted] = await insertSelect(
    db,
    unaskedChanges,
    change,
    sql`FROM ${toolsWithoutApproval} WHERE ${allowed}`,
  )
    .onConflictDoNothing()
    .returning({ taskId: unaskedChanges.taskId });
  return counted?.taskId === taskId;
}

/** A change that was counted in before. */
export const findUnasked = (db: Database, taskId: string) =>
  db.select().from(unaskedChanges).where(eq(unaskedChanges.taskId, taskId)).get();

/** A run goes on for no longer, with all that it waits for. */
const keptMs = 60 * dayMs;

/** Forgets changes that no bound is counted by any more. */
export const forgetUnasked = (db: Database, now: number): Promise<number> =>
  removeInPieces(db, unaskedChanges, lte(unaskedChanges.createdAt, now - keptMs));
