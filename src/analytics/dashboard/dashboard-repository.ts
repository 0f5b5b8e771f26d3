import { and, count, desc, eq, gt, inArray, isNull, lte, sql } from "drizzle-orm";
import { isActiveDefinition } from "#src/agent-definitions/index.ts";
import type { Database } from "#src/db/client.ts";
import { agentDefinitions, paymentMonths, rowCounts, runs, usageDays, users } from "#src/db/schema/index.ts";
import { dayMs } from "#src/kernel/clock.ts";
import { totalsOfAll } from "#src/read-models/index.ts";
import { accountsByTier, dayFigures } from "../figures/rollup-repository.ts";
import { everyTenant, wholeDimension } from "../metrics.ts";
import { surveyOfStorage } from "../storage/storage-repository.ts";

/** Agent types that are told. */
const maxTypes = 100;

/** As many of the latest accounts as may be among the latest of everything. */
const maxRecent = 20;

/** As `row_counts` has a day. */
const dayKey = (day: number): string => String(day).padStart(5, "0");

const added = (figure: "count" | "completed" | "duration_ms") =>
  sql<number>`coalesce(sum(entry.value ->> ${sql.raw(`'${figure}'`)}), 0)`;

/** Accounts by the last day on which they were signed in, since a day. */
const activeSince = (db: Database, day: number) =>
  db
    .select({ key: rowCounts.key, count: rowCounts.count })
    .from(rowCounts)
    .where(and(eq(rowCounts.name, "users.active"), gt(rowCounts.key, dayKey(day - 1))));

/**
 * All that the dashboard reads, in one batch: counts that are kept, and a row for each day, whatever there is of anything.
 * Only runs that go on are counted, in the index that has these alone.
 * @param today days since 1970-01-01
 * @param month the month that it is in, as in `2026-11`
 */
export async function dashboardRows(db: Database, today: number, month: string) {
  const [
    counts,
    accounts,
    made,
    active,
    [totals],
    [thirtyDays],
    agents,
    [open],
    types,
    newest,
    months,
    [storage],
  ] = await db.batch([
    db
      .select({ name: rowCounts.name, key: rowCounts.key, count: rowCounts.count })
      .from(rowCounts)
      .where(inArray(rowCounts.name, ["clients", "instances"])),
    accountsByTier(db, everyTenant),
    dayFigures(db, { clientId: everyTenant, dimension: wholeDimension, name: "" }, ["accounts.made"], {
      since: today - 6,
      until: today + 1,
    }),
    activeSince(db, today - 29),
    totalsOfAll(db),
    db
      .select({ ended: added("count"), completed: added("completed") })
      .from(sql`${usageDays}, json_each(${usageDays.usage}) AS entry`)
      .where(and(gt(usageDays.day, today - 30), sql`entry.key GLOB 'hour:*'`)),
    db
      .select({ key: sql<string>`entry.key`, count: added("count"), durationMs: added("duration_ms") })
      .from(sql`${usageDays}, json_each(${usageDays.usage}) AS entry`)
      .where(and(gt(usageDays.day, today - 7), sql`entry.key GLOB 'agent:*'`))
      .groupBy(sql`entry.key`)
      .orderBy(desc(added("count")), sql`entry.key`),
    db.select({ count: count() }).from(runs).where(isNull(runs.completedAt)),
    db
      .select({ type: agentDefinitions.type, count: count() })
      .from(agentDefinitions)
      .where(isActiveDefinition)
      .groupBy(agentDefinitions.type)
      .orderBy(desc(count()), agentDefinitions.type)
      .limit(maxTypes),
    db
      .select({ id: users.id, email: users.email, clientId: users.clientId, createdAt: users.createdAt })
      .from(users)
      .where(isNull(users.deletedAt))
      .orderBy(desc(users.createdAt), desc(users.id))
      .limit(maxRecent),
    // A row for each month that there has been.
    db.select().from(paymentMonths).where(lte(paymentMonths.month, month)),
    surveyOfStorage(db),
  ]);
  return {
    counts,
    accounts,
    madeToday: made.find(({ at }) => at === today * dayMs)?.n ?? 0,
    madeThisWeek: made.reduce((sum, { n }) => sum + n, 0),
    active: active.reduce((sum, { count }) => sum + count, 0),
    usage: totals?.usage ?? {},
    ends: totals?.recent ?? [],
    month: thirtyDays ?? { ended: 0, completed: 0 },
    agents,
    open: open?.count ?? 0,
    types,
    newest,
    months,
    storedBytes: storage?.bytes ?? null,
  };
}
export type DashboardRows = Awaited<ReturnType<typeof dashboardRows>>;
