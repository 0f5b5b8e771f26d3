import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

export const exportStatuses = ["running", "completed", "failed"] as const;
export const exportFormats = ["json", "ndjson", "csv", "markdown"] as const;
export const exportBranches = ["active", "all"] as const;

/** Exports that are gathered bit by bit; what is gathered lies in R2 until the row goes. */
export const conversationExports = sqliteTable(
  "conversation_exports",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id").notNull(),
    status: text("status", { enum: exportStatuses }).notNull(),
    format: text("format", { enum: exportFormats }).notNull(),
    branch: text("branch", { enum: exportBranches }).notNull(),
    includeNotes: integer("include_notes", { mode: "boolean" }).notNull(),
    includeAttachments: integer("include_attachments", { mode: "boolean" }).notNull(),
    conversationIds: text("conversation_ids", { mode: "json" }).$type<string[]>().notNull(),
    /** How many of them have been gathered. */
    done: integer("done").notNull(),
    /** How often somebody began to go on since it last did; too often, and it is given up. */
    attempts: integer("attempts").notNull(),
    /** The caller's `Idempotency-Key` and what it stands for. */
    requestKey: text("request_key"),
    bodyDigest: text("body_digest"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    completedAt: integer("completed_at"),
  },
  (table) => [
    index("conversation_exports_of_client").on(table.clientId),
    index("conversation_exports_unfinished").on(table.updatedAt).where(sql`status = 'running'`),
    index("conversation_exports_finished").on(table.completedAt).where(sql`completed_at IS NOT NULL`),
    uniqueIndex("conversation_exports_request").on(table.requestKey).where(sql`request_key IS NOT NULL`),
  ],
);
