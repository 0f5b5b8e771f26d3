import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { clients } from "./clients.ts";
import { users } from "./users.ts";

export const importStatuses = ["preparing", "running", "completed", "failed"] as const;

/** Files of users that are taken over bit by bit; the rows themselves lie in R2 until they are. */
export const importJobs = sqliteTable(
  "import_jobs",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id")
      .notNull()
      .references(() => clients.id),
    status: text("status", { enum: importStatuses }).notNull(),
    totalRows: integer("total_rows").notNull(),
    /** Rows taken over so far. Moved on in the batch that takes rows over, so that each is taken once. */
    nextRow: integer("next_row").notNull(),
    /** Until when somebody is at work on it; nobody when past. Also tells whose lease it is. */
    leaseUntil: integer("lease_until").notNull(),
    /** Leases since it last moved on; too many, and it is given up. */
    attempts: integer("attempts").notNull(),
    /** Opens the rows in R2, passwords among them; forgotten when the job ends. */
    rowsKey: text("rows_key"),
    /** Who asked for it, and from where: the audit rows of the accounts name them. */
    actorId: text("actor_id")
      .notNull()
      .references(() => users.id),
    ip: text("ip").notNull(),
    userAgent: text("user_agent").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    completedAt: integer("completed_at"),
  },
  (table) => [
    index("import_jobs_unfinished").on(table.updatedAt).where(sql`status IN ('preparing', 'running')`),
    index("import_jobs_finished").on(table.completedAt).where(sql`completed_at IS NOT NULL`),
  ],
);

/** What became of each row of a file. */
export const importResults = sqliteTable(
  "import_results",
  {
    jobId: text("job_id")
      .notNull()
      .references(() => importJobs.id),
    /** As a spreadsheet counts them: the header is row 1. */
    row: integer("row").notNull(),
    /** The account made of it; null when it was refused. */
    userId: text("user_id"),
    error: text("error"),
    /** How often it may yet be tried to tell the owner how to choose a password; 0 when there is nothing to tell. */
    mailTries: integer("mail_tries").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.jobId, table.row] }),
    // In the order in which they go out.
    index("import_results_mails").on(table.jobId, sql`mail_tries DESC`, table.row).where(sql`mail_tries > 0`),
    index("import_results_errors").on(table.jobId, table.row).where(sql`error IS NOT NULL`),
  ],
);
