import type { UsageOfDaysQuery } from "#src/objects/history-api.ts";
import type { RunCopy } from "#src/objects/platform-message.ts";
import {
  byName,
  plusEntries,
  type UsageDay,
  type UsageOfDay,
  usageDaySchema,
  usageEntriesOf,
} from "#src/objects/usage-day.ts";

/** Whose days those of the whole tenant are. */
export const tenant = "";

/** Whose days those of a user are; ids of instances, of which the table has rows as well, have no colon. */
const ofUser = (userId: string): string => `user:${userId}`;

/** How long the days of a user are kept. */
const keptDays = 400;

/** What has been used in a day, of the tenant and of each user: in one row however much that was. */
export class UsageDays {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /**
   * What is to be written of a day when a run has ended in it, by whose day it is; forgets what the user's first run of
   * a day finds to be too old. Nothing of a run that does not tell what it has used.
   */
  with(copy: RunCopy, day: number): Map<string, string> {
    if (!copy.used) return new Map();
    const entries = usageEntriesOf(copy, copy.instance_id);
    const user = ofUser(copy.user_id);
    const known = new Map(
      this.#sql
        .exec<{ subject: string; usage: string }>(
          "SELECT subject, usage FROM run_totals WHERE subject IN (?, ?) AND day = ? AND usage IS NOT NULL",
          tenant,
          user,
          day,
        )
        .toArray()
        .map(({ subject, usage }) => [subject, usage]),
    );
    if (!known.has(user))
      this.#sql.exec("DELETE FROM run_totals WHERE subject = ? AND day < ?", user, day - keptDays);
    const added = (subject: string): string =>
      JSON.stringify(plusEntries(readDay(known.get(subject)), entries));
    return new Map([tenant, user].map((subject) => [subject, added(subject)]));
  }

  /** The days of the tenant or of a user, by one dimension; those on which nothing ended are left out. */
  of({ userId, dimension, since, until }: UsageOfDaysQuery): UsageOfDay[] {
    return this.#sql
      .exec<{ day: number; usage: string }>(
        `SELECT day, usage FROM run_totals
         WHERE subject = ? AND day >= ? AND day < ? AND usage IS NOT NULL ORDER BY day`,
        userId === null ? tenant : ofUser(userId),
        since,
        until,
      )
      .toArray()
      .map(({ day, usage }) => ({ day, names: byName(readDay(usage), dimension) }));
  }
}

const readDay = (usage: string | undefined): UsageDay =>
  usage === undefined ? {} : usageDaySchema.parse(JSON.parse(usage));
