import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { RunStatus } from "#src/engine/run-view.ts";
import type { UsageFigures } from "#src/engine/usage-figures.ts";

/** An execution that has ended. */
export interface RecentEnd {
  correlation_id: string;
  client_id: string;
  user_id: string;
  status: RunStatus;
  /** Epoch milliseconds. */
  at: number;
}

/** What all executions come to that have ended, ever. One row. */
export const platformTotals = sqliteTable("platform_totals", {
  only: integer("only").primaryKey(),
  /** `all`, and attempts of tasks by agent type: `agent:copywriter`. */
  usage: text("usage", { mode: "json" }).$type<Readonly<Record<string, UsageFigures>>>().notNull(),
  /** The last of them, the latest first. */
  recent: text("recent", { mode: "json" }).$type<readonly RecentEnd[]>().notNull(),
});
