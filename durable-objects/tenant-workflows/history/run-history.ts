import type { HistoryPage, RunFilter } from "#src/objects/history-api.ts";
import { type RunCopy, runCopySchema } from "#src/objects/platform-message.ts";
import { startOfRun } from "#src/objects/run-id.ts";
import type { RunTotals } from "./run-totals.ts";

/** What a row of `history` says, in the order in which it is written. */
const columns = [
  "user_id",
  "created_at",
  "correlation_id",
  "revision",
  "instance_id",
  "project_id",
  "template_id",
  "status",
  "current_step",
  "fuel_budget",
  "fuel_spent",
  "tokens_in",
  "tokens_out",
  "cost_micros",
  "error_code",
  "error_message",
  "updated_at",
  "completed_at",
] as const;
type HistoryRow = Record<(typeof columns)[number], SqlStorageValue>;

const newestFirst = "ORDER BY created_at DESC, correlation_id DESC LIMIT ?";

/** What changes about a run. A column that is named costs the entries of its indexes, changed or not. */
const changing = columns.slice(columns.indexOf("status"));

const put = `INSERT INTO history (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})
  ON CONFLICT DO UPDATE SET ${["revision", ...changing].map((name) => `${name} = excluded.${name}`).join(", ")}`;

/** What lists say of the object's runs, also of those that lie in the archive. One row a run, without children of others. */
export class RunHistory {
  readonly #sql: SqlStorage;
  readonly #clientId: string;
  readonly #totals: RunTotals;

  constructor(sql: SqlStorage, clientId: string, totals: RunTotals) {
    this.#sql = sql;
    this.#clientId = clientId;
    this.#totals = totals;
  }

  /** Notes how a run is, unless that is known already, or something newer; counts it once it has ended. */
  put(copy: RunCopy): void {
    const { error, ...rest } = copy;
    const [known] = this.#sql
      .exec<{ revision: number; completed_at: number | null }>(
        "SELECT revision, completed_at FROM history WHERE user_id = ? AND created_at = ? AND correlation_id = ?",
        copy.user_id,
        copy.created_at,
        copy.correlation_id,
      )
      .toArray();
    if (known && known.revision >= copy.revision) return;
    const row = { ...rest, error_code: error?.code ?? null, error_message: error?.message ?? null };
    this.#sql.exec(put, ...columns.map((name) => row[name]));
    if (copy.completed_at !== null && (known?.completed_at ?? null) === null) this.#totals.add(copy);
  }

  ofUser(
    userId: string,
    { status, instanceIds, projectId, since, until }: RunFilter,
    { after, limit }: HistoryPage,
  ): RunCopy[] {
    const conditions: [string, ...SqlStorageValue[]][] = [["user_id = ?", userId]];
    if (after) conditions.push(["(created_at, correlation_id) < (?, ?)", ...after]);
    if (since !== undefined) conditions.push(["created_at >= ?", since]);
    if (until !== undefined) conditions.push(["created_at < ?", until]);
    if (status !== undefined) conditions.push(["status = ?", status]);
    if (projectId !== undefined) conditions.push(["project_id = ?", projectId]);
    if (instanceIds !== undefined)
      conditions.push(["instance_id IN (SELECT value FROM json_each(?))", JSON.stringify(instanceIds)]);
    const where = conditions.map(([condition]) => condition).join(" AND ");
    const values = conditions.flatMap(([, ...given]) => given);
    return this.#read(`SELECT * FROM history WHERE ${where} ${newestFirst}`, ...values, limit + 1);
  }

  ofInstance(instanceId: string, { after, limit }: HistoryPage): RunCopy[] {
    const [at, id] = after ?? [Number.MAX_SAFE_INTEGER, ""];
    return this.#read(
      `SELECT * FROM history WHERE instance_id = ? AND (created_at, correlation_id) < (?, ?) ${newestFirst}`,
      instanceId,
      at,
      id,
      limit + 1,
    );
  }

  /** Runs of an instance that have ended, those that ended last first. */
  endedOfInstance(instanceId: string, { after, limit }: HistoryPage): RunCopy[] {
    const [at, id] = after ?? [Number.MAX_SAFE_INTEGER, ""];
    return this.#read(
      `SELECT * FROM history WHERE instance_id = ? AND completed_at IS NOT NULL
       AND (completed_at, correlation_id) < (?, ?) ORDER BY completed_at DESC, correlation_id DESC LIMIT ?`,
      instanceId,
      at,
      id,
      limit + 1,
    );
  }

  /** How a run of a user stands, also one that is in the archive. Its id says when it began. */
  statusOf(userId: string, runId: string): RunCopy["status"] | undefined {
    const query = "SELECT * FROM history WHERE user_id = ? AND created_at = ? AND correlation_id = ?";
    return this.#read(query, userId, startOfRun(runId), runId)[0]?.status;
  }

  /** When the last run of an instance began. */
  lastOf(instanceId: string): number | null {
    return this.#sql
      .exec<{ at: number | null }>(
        "SELECT max(created_at) AS at FROM history WHERE instance_id = ?",
        instanceId,
      )
      .one().at;
  }

  /** How much a user has completed since a time, counting no further than `most`. */
  completedSince(userId: string, since: number, most = Number.MAX_SAFE_INTEGER): number {
    return this.#sql
      .exec<{ n: number }>(
        `SELECT count(*) AS n FROM (
           SELECT 1 FROM history WHERE user_id = ? AND completed_at >= ? AND status = 'completed' LIMIT ?)`,
        userId,
        since,
        most,
      )
      .one().n;
  }

  #read(query: string, ...values: SqlStorageValue[]): RunCopy[] {
    return this.#sql
      .exec<HistoryRow>(query, ...values)
      .toArray()
      .map(({ error_code: code, error_message: message, ...row }) =>
        runCopySchema.parse({
          ...row,
          type: "run.copy",
          id: `${row.correlation_id}:${row.revision}`,
          client_id: this.#clientId,
          error: code === null ? null : { code, message: message ?? "" },
        }),
      );
  }
}
