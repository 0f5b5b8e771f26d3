import type { HistoryPage } from "#src/objects/history-api.ts";
import { type UsageRecord, usageRecordSchema } from "#src/objects/platform-message.ts";
import { startOfRun } from "#src/objects/run-id.ts";

/** What a row of `attempts` says, in the order in which it is written. */
const columns = [
  "instance_id",
  "created_at",
  "id",
  "user_id",
  "correlation_id",
  "step_name",
  "agent_type",
  "action",
  "model",
  "fuel",
  "tokens_in",
  "tokens_out",
  "cost_micros",
  "duration_ms",
  "success",
  "error_code",
] as const;
type AttemptRow = Record<(typeof columns)[number], SqlStorageValue>;

const put = `INSERT OR IGNORE INTO attempts (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;

/** Finished attempts of tasks: what log lines and images are told from. */
export class Attempts {
  readonly #sql: SqlStorage;
  readonly #clientId: string;

  constructor(sql: SqlStorage, clientId: string) {
    this.#sql = sql;
    this.#clientId = clientId;
  }

  /** Repeats change nothing. */
  put(record: UsageRecord): void {
    const row = { ...record, instance_id: record.instance_id ?? "", success: Number(record.success) };
    this.#sql.exec(put, ...columns.map((name) => row[name]));
  }

  /** Forgets the pictures that a run has made, which were all made until a time. */
  forgetImages({ instanceId, runId, until }: { instanceId: string; runId: string; until: number }): void {
    // Ids of tasks begin with that of their run.
    this.#sql.exec(
      `DELETE FROM attempts WHERE instance_id = ? AND agent_type = 'image-generator' AND success = 1
         AND created_at BETWEEN ? AND ? AND substr(id, 1, ?) = ?`,
      instanceId,
      startOfRun(runId),
      until,
      runId.length,
      runId,
    );
  }

  ofInstance(instanceId: string, page: HistoryPage): UsageRecord[] {
    return this.#page("", instanceId, page);
  }

  imagesOf(instanceId: string, page: HistoryPage): UsageRecord[] {
    return this.#page("AND agent_type = 'image-generator' AND success = 1", instanceId, page);
  }

  #page(condition: string, instanceId: string, { after, limit }: HistoryPage): UsageRecord[] {
    const [at, id] = after ?? [Number.MAX_SAFE_INTEGER, ""];
    return this.#sql
      .exec<AttemptRow>(
        `SELECT * FROM attempts WHERE instance_id = ? ${condition} AND (created_at, id) < (?, ?)
         ORDER BY created_at DESC, id DESC LIMIT ?`,
        instanceId,
        at,
        id,
        limit + 1,
      )
      .toArray()
      .map((row) =>
        usageRecordSchema.parse({
          ...row,
          type: "usage",
          client_id: this.#clientId,
          instance_id: row.instance_id === "" ? null : row.instance_id,
          success: row.success === 1,
        }),
      );
  }
}
