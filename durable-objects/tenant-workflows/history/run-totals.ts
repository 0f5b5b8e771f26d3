import { dayOf } from "#src/kernel/clock.ts";
import type { RunFigures, UsageOfDaysQuery } from "#src/objects/history-api.ts";
import type { RunCopy } from "#src/objects/platform-message.ts";
import type { UsageOfDay } from "#src/objects/usage-day.ts";
import { tenant, UsageDays } from "./usage-days.ts";

/** Adds a run to the totals of so many subjects. */
const addTo = (subjects: number): string =>
  `INSERT INTO run_totals (subject, day, usage, ended, completed, failed, ran_ms, fuel)
   VALUES ${Array(subjects).fill("(?, ?, ?, 1, ?, ?, ?, ?)").join(", ")}
   ON CONFLICT DO UPDATE SET ended = ended + 1, completed = completed + excluded.completed,
     failed = failed + excluded.failed, ran_ms = ran_ms + excluded.ran_ms, fuel = fuel + excluded.fuel,
     usage = coalesce(excluded.usage, usage)`;

type EndedTotals = Pick<RunFigures, "ended" | "completed" | "failed" | "ranMs" | "fuel">;

/** A run that goes on. */
interface LiveRun {
  status: string;
  fuel: number;
}

/** What runs come to: ended ones in a few rows however many they were, those that go on as they are. */
export class RunTotals {
  readonly #sql: SqlStorage;
  readonly #days: UsageDays;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#days = new UsageDays(sql);
  }

  /** Counts a run that has ended: of its tenant and its user on the day (UTC) on which it ended, of its instance for ever. */
  add(copy: RunCopy): void {
    const { status, instance_id, created_at, completed_at, fuel_spent } = copy;
    const endedAt = completed_at ?? created_at;
    const day = dayOf(endedAt);
    const days = this.#days.with(copy, day);
    const ofDay: (readonly [string, string | null])[] = days.size > 0 ? [...days] : [[tenant, null]];
    const rows = [
      ...ofDay.map(([subject, usage]) => [subject, day, usage]),
      ...(instance_id ? [[instance_id, 0, null]] : []),
    ];
    const figures = [
      Number(status === "completed"),
      Number(status === "failed"),
      endedAt - created_at,
      fuel_spent,
    ];
    this.#sql.exec(addTo(rows.length), ...rows.flatMap((row) => [...row, ...figures]));
  }

  usageOfDays(query: UsageOfDaysQuery): UsageOfDay[] {
    return this.#days.of(query);
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

  /** @param sinceDay days since 1970-01-01; `recentRuns` have ended since, or go on */
  ofTenant(sinceDay: number): { runs: number; recentRuns: number; fuel: number } {
    const live = this.#live("true");
    const { ended, fuel } = this.#ended(tenant, 0);
    return {
      runs: ended + live.length,
      recentRuns: this.#ended(tenant, sinceDay).ended + live.length,
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
      .exec<Record<string, SqlStorageValue> & LiveRun>(
        `SELECT status, body ->> '$.fuel.spent' AS fuel FROM runs
         WHERE status IN ('pending', 'running', 'paused') AND root_id IS NULL AND ${condition}`,
        ...values,
      )
      .toArray();
  }
}

const fuelOf = (runs: readonly LiveRun[]): number => runs.reduce((sum, { fuel }) => sum + fuel, 0);
