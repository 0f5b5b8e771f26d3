import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { moderationActions, personKinds } from "#src/kernel/chat-words.ts";
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
    /** How long `ban` is for; null for good. */
    banSeconds: integer("ban_seconds"),
    isActive: integer("is_active", { mode: "boolean" }).notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [index("moderation_rules_listed").on(table.clientId, table.createdAt, table.id)],
);

/** Who may write in no conversation of a tenant. */
export const bans = sqliteTable(
  "bans",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id")
      .notNull()
      .references(() => clients.id),
    personId: text("person_id").notNull(),
    personKind: text("person_kind", { enum: personKinds }).notNull(),
    reason: text("reason").notNull(),
    /** Null for good. */
    until: integer("until"),
    /** Null where a rule has done it. */
    createdBy: text("created_by"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("bans_person").on(table.personId, table.clientId),
    index("bans_listed").on(table.clientId, table.createdAt, table.id),
    index("bans_of_visitors").on(table.personId).where(sql`person_kind = 'visitor'`),
  ],
);
