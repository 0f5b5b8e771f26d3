import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { Plan } from "#src/engine/plans/plan.ts";
import { clients } from "./clients.ts";

const notDeleted = sql`deleted_at IS NULL`;
const ofPlatform = sql`deleted_at IS NULL AND client_id IS NULL`;
const ofTenant = sql`deleted_at IS NULL AND client_id IS NOT NULL`;

/** Named plans, the platform's and tenants' own, as templates and agent definitions are. */
export const workflowDefinitions = sqliteTable(
  "workflow_definitions",
  {
    id: text("id").primaryKey(),
    /** The tenant it belongs to; null for the platform's own, which all tenants can use. */
    clientId: text("client_id").references(() => clients.id),
    name: text("name").notNull(),
    description: text("description").notNull(),
    version: integer("version").notNull(),
    plan: text("plan", { mode: "json" }).$type<Plan>().notNull(),
    isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    deletedAt: integer("deleted_at"),
  },
  (table) => [
    index("workflow_definitions_named").on(table.name, table.clientId).where(notDeleted),
    // One of a name for the platform, and one for each tenant.
    uniqueIndex("workflow_definitions_platform").on(table.name).where(ofPlatform),
    uniqueIndex("workflow_definitions_owned").on(table.clientId, table.name).where(ofTenant),
    index("workflow_definitions_listed").on(table.createdAt, table.id).where(notDeleted),
    index("workflow_definitions_owner").on(table.clientId, table.createdAt, table.id).where(notDeleted),
  ],
);

/** Every version a workflow definition ever had. */
export const workflowVersions = sqliteTable(
  "workflow_versions",
  {
    workflowId: text("workflow_id")
      .notNull()
      .references(() => workflowDefinitions.id),
    version: integer("version").notNull(),
    description: text("description").notNull(),
    plan: text("plan", { mode: "json" }).$type<Plan>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workflowId, table.version] })],
);

export const referrerTypes = ["template", "workflow"] as const;

/** Which templates and workflow definitions name a workflow; written from the plans themselves, with every change of one. */
export const workflowReferences = sqliteTable(
  "workflow_references",
  {
    workflowName: text("workflow_name").notNull(),
    referrerType: text("referrer_type", { enum: referrerTypes }).notNull(),
    referrerId: text("referrer_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workflowName, table.referrerType, table.referrerId] }),
    index("workflow_references_referrer").on(table.referrerType, table.referrerId),
  ],
);

/** Which runs carried out a workflow definition, as their own plan or in child runs; fed by the tenant objects' outboxes. */
export const workflowUses = sqliteTable(
  "workflow_uses",
  {
    workflowId: text("workflow_id").notNull(),
    /** When the run was started, so that uses are listed as runs are. */
    createdAt: integer("created_at").notNull(),
    correlationId: text("correlation_id").notNull(),
    version: integer("version").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workflowId, table.createdAt, table.correlationId] })],
);
