import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { clients } from "./clients.ts";
import { users } from "./users.ts";

const notDeleted = sql`deleted_at IS NULL`;
const ofPlatform = sql`deleted_at IS NULL AND client_id IS NULL`;
const ofTenant = sql`deleted_at IS NULL AND client_id IS NOT NULL`;

const json = (name: string) => text(name, { mode: "json" }).$type<Record<string, unknown>>().notNull();

/** Persona templates, the platform's and tenants' own. */
export const templates = sqliteTable(
  "templates",
  {
    id: text("id").primaryKey(),
    /** The tenant it belongs to; null for the platform's own, which all tenants can use. */
    clientId: text("client_id").references(() => clients.id),
    name: text("name").notNull(),
    description: text("description").notNull(),
    category: text("category").notNull(),
    version: integer("version").notNull(),
    config: json("config"),
    isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    deletedAt: integer("deleted_at"),
  },
  (table) => [
    index("templates_listed").on(table.createdAt, table.id).where(notDeleted),
    index("templates_category").on(table.category).where(notDeleted),
    index("templates_owner").on(table.clientId, table.createdAt, table.id).where(notDeleted),
  ],
);

/** Every version a template ever had. */
export const templateVersions = sqliteTable(
  "template_versions",
  {
    templateId: text("template_id")
      .notNull()
      .references(() => templates.id),
    version: integer("version").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    category: text("category").notNull(),
    config: json("config"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.templateId, table.version] })],
);

export const agentCategories = ["data-driven", "code-driven", "adapter"] as const;

/** Agent types; each is routable as `system.tasks.{type}` the moment it exists. */
export const agentDefinitions = sqliteTable(
  "agent_definitions",
  {
    id: text("id").primaryKey(),
    /** The tenant it belongs to; null for the platform's own, which all tenants can use. */
    clientId: text("client_id").references(() => clients.id),
    type: text("type").notNull(),
    displayName: text("display_name").notNull(),
    description: text("description").notNull(),
    category: text("category", { enum: agentCategories }).notNull(),
    defaultConfig: json("default_config"),
    isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    deletedAt: integer("deleted_at"),
  },
  (table) => [
    index("agent_definitions_named").on(table.type, table.clientId).where(notDeleted),
    index("agent_definitions_owner").on(table.clientId, table.type).where(notDeleted),
    // One of a type for the platform, and one for each tenant.
    uniqueIndex("agent_definitions_platform").on(table.type).where(ofPlatform),
    uniqueIndex("agent_definitions_owned").on(table.clientId, table.type).where(ofTenant),
  ],
);

export const personaInstances = sqliteTable(
  "persona_instances",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id")
      .notNull()
      .references(() => clients.id),
    ownerUserId: text("owner_user_id")
      .notNull()
      .references(() => users.id),
    templateId: text("template_id")
      .notNull()
      .references(() => templates.id),
    templateVersion: integer("template_version").notNull(),
    projectId: text("project_id"),
    name: text("name").notNull(),
    /** The template's config with the owner's merged over it. */
    config: json("config"),
    isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
    /** Counts changes; a change is written only over the revision it was made from. */
    revision: integer("revision").notNull().default(1),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    deletedAt: integer("deleted_at"),
  },
  (table) => [
    index("persona_instances_owned").on(table.ownerUserId),
    index("persona_instances_owner").on(table.ownerUserId, table.createdAt, table.id).where(notDeleted),
    index("persona_instances_project").on(table.projectId, table.createdAt, table.id).where(notDeleted),
    index("persona_instances_client").on(table.clientId, table.createdAt, table.id).where(notDeleted),
    index("persona_instances_template").on(table.templateId, table.createdAt, table.id).where(notDeleted),
    index("persona_instances_listed").on(table.createdAt, table.id).where(notDeleted),
  ],
);
