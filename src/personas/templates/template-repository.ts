import { and, desc, eq, inArray, isNull, lt, type SQL, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import { templates, templateVersions } from "#src/db/schema/index.ts";
import type { PageRequest } from "#src/http/page.ts";
import type { Account } from "#src/kernel/actor.ts";
import { readableBy, readableRanges, usableBy, usableRanges } from "#src/tenants/index.ts";

export type TemplateRow = typeof templates.$inferSelect;
export type TemplateVersionRow = typeof templateVersions.$inferSelect;

const living = isNull(templates.deletedAt);

/** A template that was not deleted and that an administrator can read. */
export const findTemplate = (db: Database, actor: Account, id: string) =>
  db
    .select()
    .from(templates)
    .where(and(eq(templates.id, id), living, readableBy(templates.clientId, actor)))
    .get();

/** A template that somebody of a tenant can make instances from: the tenant's own, or the platform's. */
export const findUsableTemplate = (db: Database, { clientId }: Pick<Account, "clientId">, id: string) =>
  db
    .select()
    .from(templates)
    .where(
      and(eq(templates.id, id), living, eq(templates.isActive, true), usableBy(templates.clientId, clientId)),
    )
    .get();

/** Which templates a list is of, as ranges of an index. */
export const templatesReadableBy = (actor: Account) => readableRanges(templates.clientId, actor);
export const templatesUsableBy = ({ clientId }: Pick<Account, "clientId">) =>
  usableRanges(templates.clientId, clientId);

/** Templates that were not deleted, newest first; one more than the limit when there are more. */
export function pageTemplates(
  db: Database,
  [first, second]: (SQL | undefined)[],
  { category, isActive }: { category?: string; isActive?: boolean },
  { after, limit }: PageRequest,
) {
  const range = (within: SQL | undefined) =>
    db
      .select()
      .from(templates)
      .where(
        and(
          living,
          within,
          category === undefined ? undefined : eq(templates.category, category),
          isActive === undefined ? undefined : eq(templates.isActive, isActive),
          after && sql`(${templates.createdAt}, ${templates.id}) < (${after[0]}, ${after[1]})`,
        ),
      );
  const newestFirst = [desc(templates.createdAt), desc(templates.id)] as const;
  return second === undefined
    ? range(first)
        .orderBy(...newestFirst)
        .limit(limit + 1)
    : range(first)
        .unionAll(range(second))
        .orderBy(...newestFirst)
        .limit(limit + 1);
}

/** What is kept of a template's present version. */
const versionOf = ({ id, updatedAt, ...content }: TemplateRow): TemplateVersionRow => ({
  ...content,
  templateId: id,
  createdAt: updatedAt,
});

/** The template with its first version, for one batch. */
export const newTemplateStatements = (db: Database, row: TemplateRow) =>
  [db.insert(templates).values(row), db.insert(templateVersions).values(versionOf(row))] as const;

const latest = ({ id, version }: TemplateRow) =>
  and(eq(templates.id, id), eq(templates.version, version), living);

/** True while a template is as it was read. */
export const isLatestTemplate = (row: TemplateRow): SQL => hasRow(templates, latest(row));

/** A template without what its versions have in common. */
const changing = ({ id, clientId, createdAt, deletedAt, ...rest }: TemplateRow) => rest;

/**
 * Writes the next version over the one it was made from, and keeps it; for one
 * batch. Neither statement changes a row when `before` is no longer the latest.
 */
export const nextVersionStatements = (db: Database, before: TemplateRow, after: TemplateRow) =>
  [
    insertWhere(db, templateVersions, versionOf(after), isLatestTemplate(before)),
    db.update(templates).set(changing(after)).where(latest(before)),
  ] as const;

/** True while a template was not deleted. */
export const isLivingTemplate = (id: string): SQL => hasRow(templates, and(eq(templates.id, id), living));

/** Deletes softly; changes no row when there is none left to delete. */
export const deleteTemplateRow = (db: Database, id: string, now: number) =>
  db
    .update(templates)
    .set({ deletedAt: now, isActive: false, updatedAt: now })
    .where(and(eq(templates.id, id), living));

/** Versions of a template below a number, newest first. */
export const pageVersions = (db: Database, templateId: string, below: number | undefined, limit: number) =>
  db
    .select()
    .from(templateVersions)
    .where(
      and(
        eq(templateVersions.templateId, templateId),
        below === undefined ? undefined : lt(templateVersions.version, below),
      ),
    )
    .orderBy(desc(templateVersions.version))
    .limit(limit);

/** What a template says of the instances that were made from it. */
export type TemplateOfInstance = Pick<TemplateRow, "name" | "description" | "category">;

/** Templates, also deleted ones, by id: those that some instances were made from. */
export async function templatesOf(
  db: Database,
  ids: readonly string[],
): Promise<Map<string, TemplateOfInstance>> {
  if (ids.length === 0) return new Map();
  const { id, name, description, category } = templates;
  const rows = await db
    .select({ id, name, description, category })
    .from(templates)
    .where(inArray(id, [...new Set(ids)]));
  return new Map(rows.map((row): [string, TemplateOfInstance] => [row.id, row]));
}
