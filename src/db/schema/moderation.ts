import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { moderationActions } from "#src/kernel/chat-words.ts";
import { clients } from "./clients.ts";

/** What a tenant does not want said in its conversations, and what becomes of it. */
export const moderationRules = sqliteTable(
  "moderation_rules",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id")
      .notNull()
      .references(() => clients.id),
    name: text("name").notNull(),
    words: text("words", { mode: "json" }).$type<string[]>().notNull(),
    /** A regular expression that takes no more time than the text is long. */
    pattern: text("pattern"),
    action: text("action", { enum: moderationActions }).notNull(),
    isActive: integer("is_active", { mode: "boolean" }).notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [index("moderation_rules_listed").on(table.clientId, table.createdAt, table.id)],
);
