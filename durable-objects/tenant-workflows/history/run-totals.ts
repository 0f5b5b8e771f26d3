import { dayOf } from "#src/kernel/clock.ts";
import type { RunFigures } from "#src/objects/history-api.ts";
import type { RunCopy } from "#src/objects/platform-message.ts";
import { startOfRun } from "#src/objects/run-id.ts";

/** Whose totals those of the whole tenant are. */
const tenant = "";

type EndedTotals = Pick<RunFigures, "ended" | "completed" | "failed" | "ranMs" | "fuel">;

/** A run that goes on. */
interface LiveRun {
  status: string;
  startedAt: number;
  fuel: number;
}

/** What runs come to: ended ones in a few rows however many they were, those that go on as they are. */
export class RunTotals {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Counts a run that has ended. */
  add({ status, instance_id, created_at, completed_at, fuel_spent }: RunCopy): void {
    for (const [subject, day] of [[tenant, dayOf(created_at)], ...(instance_id ? [[instance_id, 0]] : [])])
      this.#sql.exec(
        `INSERT INTO run_totals (subject, day, ended, completed, failed, ran_ms, fuel) VALUES (?, ?, 1, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET ended = ended + 1, completed = completed + excluded.completed,
           failed = failed + excluded.failed, ran_ms = ran_ms + excluded.ran_ms, fuel = fuel + excluded.fuel`,
        subject ?? null,
        day ?? null,
        Number(status === "completed"),
        Number(status === "failed"),
        (completed_at ?? created_at) - created_at,
        fuel_spent,
      );
  }

  ofInstance(instanceId: string): Omit<RunFigures, "lastAt"> {
    const ended = this.#ended(instanceId, 0);
    const live = this.#live("instance_id = ?", instanceId);
    return {
      ...ended,
      total: ended.ended + live.length,
      queued: live.filter(({ status }) => status !== "paused").length,
      fuel: ended.fuel + fuelOf(live),
    };
  }

  /** @param sinceDay days since 1970-01-01 */
  ofTenant(sinceDay: number): { runs: number; recentRuns: number; fuel: number } {
    const live = this.#live("true");
    const { ended, fuel } = this.#ended(tenant, 0);
    const recent = live.filter(({ startedAt }) => dayOf(startedAt) >= sinceDay).length;
    return {
      runs: ended + live.length,
      recentRuns: this.#ended(tenant, sinceDay).ended + recent,
      fuel: fuel + fuelOf(live),
    };
  }

  #ended(subject: string, sinceDay: number): EndedTotals {
    return this.#sql
      .exec<Record<keyof EndedTotals, number>>(
        `SELECT coalesce(sum(ended), 0) AS ended, coalesce(sum(completed), 0) AS completed,
           coalesce(sum(failed), 0) AS failed, coalesce(sum(ran_ms), 0) AS ranMs, coalesce(sum(fuel), 0) AS fuel
         FROM run_totals WHERE subject = ? AND day >= ?`,
        subject,
        sinceDay,
      )
      .one();
  }

  /** Without the children of others. */
  #live(condition: string, ...values: string[]): LiveRun[] {
    return this.#sql
      .exec<{ id: string; status: string; fuel: number }>(
        `SELECT id, status, body ->> '$.fuel.spent' AS fuel FROM runs
         WHERE status IN ('pending', 'running', 'paused') AND root_id IS NULL AND ${condition}`,
        ...values,
      )
      .toArray()
      .map(({ id, status, fuel }) => ({ status, fuel, startedAt: startOfRun(id) }));
  }
}

const fuelOf = (runs: readonly LiveRun[]): number => runs.reduce((sum, { fuel }) => sum + fuel, 0);
