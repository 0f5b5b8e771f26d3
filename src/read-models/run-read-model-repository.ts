import { getTableColumns, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertRows, type JsonRow, jsonArraysOf } from "#src/db/json-rows.ts";
import { runs, usage, workflowUses } from "#src/db/schema/index.ts";
import type { RunCopy, UsageRecord } from "#src/objects/platform-message.ts";

/** What a newer copy of a run changes: all but what it was started with. */
const {
  correlationId,
  clientId,
  userId,
  instanceId,
  projectId,
  templateId,
  fuelBudget,
  createdAt,
  ...changing
} = getTableColumns(runs);
const newer = {
  ...Object.fromEntries(
    Object.entries(changing).map(([property, { name }]) => [property, sql`excluded.${sql.identifier(name)}`]),
  ),
  // What has to be handed over stays so until it is, its attempts with it. An object of a release before says nothing
  // of its history: what it had stays, and is older now.
  historyRevision: sql`CASE WHEN ${runs.historyRevision} IS NULL THEN NULL
    ELSE coalesce(excluded.history_revision, ${runs.historyRevision}) END`,
};

const runRowOf = ({ type, id, error, is_in_history, attempts, ...copy }: RunCopy): JsonRow<typeof runs> => ({
  ...copy,
  error_code: error?.code ?? null,
  error_message: error?.message ?? null,
  open_tasks: null,
  history_revision: is_in_history === true ? copy.revision : null,
});

/** Writes copies of runs, each unless the read model already has that revision or a newer one. */
export const putRunCopies = (db: Database, copies: readonly RunCopy[]) =>
  insertRows(db, runs, copies.map(runRowOf)).map((insert) =>
    insert.onConflictDoUpdate({
      target: runs.correlationId,
      set: newer,
      setWhere: sql`${runs.revision} < excluded.revision`,
    }),
  );

/** Writes usage records, each once. */
export const putUsage = (db: Database, records: readonly JsonRow<typeof usage>[]) =>
  insertRows(db, usage, records).map((insert) => insert.onConflictDoNothing());

/** An object of a release before has told of attempts: its runs' history is to be handed over (again). */
export const noteOlderRuns = (db: Database, records: readonly UsageRecord[]) =>
  jsonArraysOf(records.map(({ correlation_id }) => correlation_id)).map((ids) =>
    db
      .update(runs)
      .set({ historyRevision: null })
      .where(sql`${runs.correlationId} IN (SELECT value FROM json_each(${ids}))`),
  );

/** Notes once that runs carried out workflow definitions. */
export const putWorkflowUses = (db: Database, uses: readonly JsonRow<typeof workflowUses>[]) =>
  insertRows(db, workflowUses, uses).map((insert) => insert.onConflictDoNothing());
