import { and, desc, eq } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { templates, templateVersions } from "../db/schema/index.ts";

export type TemplateRow = typeof templates.$inferSelect;

/** Most templates a list answers with. */
const mostListed = 500;

export const findTemplate = (db: Database, id: string) =>
  db.select().from(templates).where(eq(templates.id, id)).get();

export const findActiveTemplate = (db: Database, id: string) =>
  db
    .select()
    .from(templates)
    .where(and(eq(templates.id, id), eq(templates.isActive, true)))
    .get();

/** Active templates, newest first. */
export const listTemplates = (db: Database) =>
  db
    .select()
    .from(templates)
    .where(eq(templates.isActive, true))
    .orderBy(desc(templates.createdAt))
    .limit(mostListed);

/** The template with its first version, for one batch. */
export const newTemplateStatements = (db: Database, row: TemplateRow) =>
  [
    db.insert(templates).values(row),
    db
      .insert(templateVersions)
      .values({ templateId: row.id, version: row.version, config: row.config, createdAt: row.createdAt }),
  ] as const;
