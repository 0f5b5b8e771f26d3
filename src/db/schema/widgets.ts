import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { Weekday } from "#src/kernel/weekdays.ts";
import { clients } from "./clients.ts";
import { personaInstances } from "./personas.ts";

/** Where pages of other people show a persona. */
export const widgets = sqliteTable(
  "widgets",
  {
    id: text("id").primaryKey(),
    /** What pages name it by; known to everybody who reads them. */
    key: text("key").notNull(),
    clientId: text("client_id")
      .notNull()
      .references(() => clients.id),
    instanceId: text("instance_id")
      .notNull()
      .references(() => personaInstances.id),
    name: text("name").notNull(),
    enabled: integer("enabled", { mode: "boolean" }).notNull(),
    origins: text("origins", { mode: "json" }).$type<string[]>().notNull(),
    requireIdentity: integer("require_identity", { mode: "boolean" }).notNull(),
    /** What the tenant's server signs identities with; shown when it is made, and never again. */
    secret: text("secret").notNull(),
    theme: text("theme", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    texts: text("texts", { mode: "json" }).$type<Record<string, string>>().notNull(),
    /** When people are behind it; null for always. */
    hours: text("hours", { mode: "json" }).$type<{
      time_zone: string;
      open: { days: Weekday[]; from: string; to: string }[];
    }>(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    uniqueIndex("widgets_key").on(table.key),
    index("widgets_listed").on(table.clientId, table.createdAt, table.id),
  ],
);

/** People without an account, each of one widget. */
export const visitors = sqliteTable(
  "visitors",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id")
      .notNull()
      .references(() => clients.id),
    widgetId: text("widget_id").notNull(),
    /** Who they are to the tenant, once its server has signed that; null for who is not known. */
    externalId: text("external_id"),
    name: text("name"),
    email: text("email"),
    createdAt: integer("created_at").notNull(),
    seenAt: integer("seen_at").notNull(),
  },
  (table) => [
    uniqueIndex("visitors_known").on(table.widgetId, table.externalId),
    index("visitors_seen").on(table.seenAt),
  ],
);

/** What visitors come back with. Only a digest is kept; one that an identity has opened is good as long as that is. */
export const visitorTokens = sqliteTable(
  "visitor_tokens",
  {
    widgetId: text("widget_id").notNull(),
    hash: text("hash").notNull(),
    visitorId: text("visitor_id").notNull(),
    /** The name of the identity that has opened it, which opens nothing else. */
    identityId: text("identity_id"),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.widgetId, table.hash] }),
    uniqueIndex("visitor_tokens_identity").on(table.widgetId, table.identityId),
    index("visitor_tokens_expiry").on(table.expiresAt),
  ],
);
