import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import {
  busyWays,
  chatAudiences,
  conversationStatuses,
  messageRoles,
  personKinds,
} from "#src/kernel/chat-words.ts";
import { personalisations } from "#src/kernel/personalisation-words.ts";
import { clients } from "./clients.ts";
import { personaInstances } from "./personas.ts";

/** How personas are talked with; one without a row talks with its owner alone. */
export const personaChats = sqliteTable("persona_chats", {
  instanceId: text("instance_id")
    .primaryKey()
    .references(() => personaInstances.id),
  clientId: text("client_id")
    .notNull()
    .references(() => clients.id),
  enabled: integer("enabled", { mode: "boolean" }).notNull(),
  audience: text("audience", { enum: chatAudiences }).notNull(),
  greeting: text("greeting"),
  starters: text("starters", { mode: "json" }).$type<string[]>().notNull(),
  /** Fuel units; null for what the owner's tier gives a run. */
  fuelPerTurn: integer("fuel_per_turn"),
  /** Answers that anybody but the owner may have within a day; null for no bound. */
  dailyTurnsPerPerson: integer("daily_turns_per_person"),
  onBusy: text("on_busy", { enum: busyWays }).notNull(),
  handover: integer("handover", { mode: "boolean" }).notNull(),
  /** What has people take over: words, unhelpful turns, what is read out of what was said. */
  handoverTriggers: text("handover_triggers", { mode: "json" })
    .$type<{
      words: string[];
      unhelpful_turns: boolean;
      wants_human?: boolean;
      sentiment_below?: number | null;
    }>()
    .notNull()
    .default({ words: [], unhelpful_turns: false }),
  tools: text("tools", { mode: "json" }).$type<string[]>().notNull().default([]),
  personalisation: text("personalisation", { enum: personalisations }).notNull().default("off"),
  insights: integer("insights", { mode: "boolean" }).notNull().default(false),
  autoTitle: integer("auto_title", { mode: "boolean" }).notNull().default(false),
  /** The workflow that its turns follow; null for the one step that answers. */
  chatWorkflow: text("chat_workflow"),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/**
 * Conversations as lists show them: copies that their objects send, each written only when its revision is newer. Of
 * one that was erased the id and the times stay, so that what comes late brings nothing back.
 */
export const conversations = sqliteTable(
  "conversations",
  {
    id: text("id").primaryKey(),
    revision: integer("revision").notNull(),
    clientId: text("client_id").notNull(),
    ownerId: text("owner_id").notNull(),
    ownerKind: text("owner_kind", { enum: personKinds }).notNull(),
    instanceId: text("instance_id").notNull(),
    /** Of its owner's projects the one in which it was begun. */
    projectId: text("project_id"),
    title: text("title"),
    status: text("status", { enum: conversationStatuses }).notNull(),
    holder: text("holder").notNull(),
    adminId: text("admin_id"),
    lastSeq: integer("last_seq").notNull(),
    unread: integer("unread").notNull(),
    /** Whether its owner does not want to be told that there is something unread. */
    muted: integer("muted", { mode: "boolean" }).notNull().default(false),
    lastRole: text("last_role", { enum: messageRoles }),
    lastPreview: text("last_preview"),
    startedAt: integer("started_at").notNull(),
    lastMessageAt: integer("last_message_at"),
    endedAt: integer("ended_at"),
    /** Messages that a rule has marked and nobody of the staff has decided on. */
    flagged: integer("flagged").notNull().default(0),
    erasedAt: integer("erased_at"),
    /** When what was said moved to the archive. */
    archivedAt: integer("archived_at"),
    /** When something was last said, or it began: what lists go by. */
    movedAt: integer("moved_at").notNull(),
  },
  (table) => [
    index("conversations_of_owner").on(table.ownerId, table.movedAt, table.id).where(sql`erased_at IS NULL`),
    index("conversations_started_by_owner")
      .on(table.ownerId, table.startedAt, table.id)
      .where(sql`erased_at IS NULL`),
    index("conversations_of_client")
      .on(table.clientId, table.movedAt, table.id)
      .where(sql`erased_at IS NULL`),
    index("conversations_started")
      .on(table.clientId, table.startedAt, table.id)
      .where(sql`erased_at IS NULL`),
    index("conversations_of_visitors")
      .on(table.movedAt)
      .where(sql`owner_kind = 'visitor' AND erased_at IS NULL`),
    index("conversations_ended")
      .on(table.clientId, table.endedAt)
      .where(sql`status = 'ended' AND erased_at IS NULL`),
    index("conversations_to_archive")
      .on(table.clientId, table.endedAt)
      .where(sql`status = 'ended' AND erased_at IS NULL AND archived_at IS NULL`),
    index("conversations_held")
      .on(table.holder, table.status)
      .where(sql`substr(holder, 1, 5) = 'user:' AND erased_at IS NULL`),
    index("conversations_held_moved")
      .on(table.holder, table.movedAt)
      .where(sql`substr(holder, 1, 5) = 'user:' AND erased_at IS NULL`),
    index("conversations_waiting")
      .on(table.clientId, table.movedAt, table.id)
      .where(sql`holder = 'queue' AND erased_at IS NULL`),
    index("conversations_flagged")
      .on(table.clientId, table.movedAt, table.id)
      .where(sql`flagged > 0 AND erased_at IS NULL`),
  ],
);
