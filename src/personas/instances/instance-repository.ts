import { and, desc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import { personaInstances, templates } from "#src/db/schema/index.ts";
import type { PageRequest } from "#src/http/page.ts";
import type { Account } from "#src/kernel/actor.ts";
import { isProjectLiving } from "#src/projects/index.ts";
import { withinPersonaQuota } from "#src/subscriptions/index.ts";
import type { InstanceScope } from "./instance-scope.ts";

export type InstanceRow = typeof personaInstances.$inferSelect;

const within = ({ scope, clientId, userId }: InstanceScope): SQL | undefined => {
  if (scope === "platform") return undefined;
  const inTenant = eq(personaInstances.clientId, clientId);
  return scope === "tenant" ? inTenant : and(inTenant, eq(personaInstances.ownerUserId, userId));
};

/** The living instance, if it lies within the scope. */
export const findInstance = (db: Database, scope: InstanceScope, id: string) =>
  db
    .select()
    .from(personaInstances)
    .where(and(eq(personaInstances.id, id), isNull(personaInstances.deletedAt), within(scope)))
    .get();

export interface InstanceFilter {
  projectId?: string;
  isActive?: boolean;
  /** Category of the template. */
  category?: string;
}

/** Living instances within the scope, newest first; one more than the limit when there are more. */
export const pageInstances = (
  db: Database,
  scope: InstanceScope,
  { projectId, isActive, category }: InstanceFilter,
  { after, limit }: PageRequest,
) =>
  db
    .select()
    .from(personaInstances)
    .where(
      and(
        within(scope),
        isNull(personaInstances.deletedAt),
        projectId === undefined ? undefined : eq(personaInstances.projectId, projectId),
        isActive === undefined ? undefined : eq(personaInstances.isActive, isActive),
        category === undefined
          ? undefined
          : inArray(
              personaInstances.templateId,
              db.select({ id: templates.id }).from(templates).where(eq(templates.category, category)),
            ),
        after && sql`(${personaInstances.createdAt}, ${personaInstances.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(personaInstances.createdAt), desc(personaInstances.id))
    .limit(limit + 1);

/** Names looked through for a part of one; whoever has more personas narrows the list by their ids. */
const maxNamesSearched = 1000;

/** Instances of the caller, deleted ones too, with a text in their name; at most a hundred. */
export function instancesNamedLike(
  db: Database,
  { clientId, userId }: Pick<Account, "clientId" | "userId">,
  text: string,
): Promise<{ id: string; name: string; deletedAt: number | null }[]> {
  const { id, name, deletedAt } = personaInstances;
  const own = db
    .select({ id, name, deletedAt })
    .from(personaInstances)
    .where(and(eq(personaInstances.ownerUserId, userId), eq(personaInstances.clientId, clientId)))
    .limit(maxNamesSearched)
    .as("own");
  return db.select().from(own).where(sql`instr(lower(${own.name}), lower(${text})) > 0`).limit(100).all();
}

/** What instances of a tenant are called, deleted ones too, by id. */
export async function namesOfInstances(
  db: Database,
  clientId: string | undefined,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const { id, name } = personaInstances;
  const rows = await db
    .select({ id, name })
    .from(personaInstances)
    .where(
      and(
        sql`${id} IN (SELECT value FROM json_each(${JSON.stringify([...new Set(ids)])}))`,
        clientId === undefined ? undefined : eq(personaInstances.clientId, clientId),
      ),
    );
  return new Map(rows.map((row): [string, string] => [row.id, row.name]));
}

/** Inserts within the owner's quota, check and insert in one statement; changes no row when the quota is used up. */
export const insertWithinQuotaStatement = (db: Database, row: InstanceRow) =>
  insertWhere(
    db,
    personaInstances,
    row,
    sql`${withinPersonaQuota(row.ownerUserId)} AND ${liesInProject(row)}`,
  );

/** True while the project that an instance is to lie in is there, or it is to lie in none. */
const liesInProject = ({ clientId, ownerUserId: ownerId, projectId }: InstanceRow): SQL =>
  projectId === null ? sql`true` : isProjectLiving({ id: projectId, ownerId, clientId });

const latest = (row: InstanceRow) =>
  and(
    eq(personaInstances.id, row.id),
    eq(personaInstances.clientId, row.clientId),
    eq(personaInstances.revision, row.revision),
    isNull(personaInstances.deletedAt),
  );

/** True while an instance is as it was read; once it has just been made, too. */
export const isLatestInstance = (row: InstanceRow): SQL => hasRow(personaInstances, latest(row));

/** An instance without what never changes of it. */
const changing = ({
  id,
  clientId,
  ownerUserId,
  templateId,
  templateVersion,
  createdAt,
  ...rest
}: InstanceRow) => rest;

const changes = (before: InstanceRow, after: InstanceRow) =>
  and(latest(before), after.projectId === before.projectId ? undefined : liesInProject(after));

/** True while `updateInstanceStatement` would change it. */
export const canBecome = (before: InstanceRow, after: InstanceRow): SQL =>
  hasRow(personaInstances, changes(before, after));

/**
 * Writes a changed instance over the revision it was made from; changes no row when that is no longer the latest, or
 * when the project that it is to move to is gone.
 */
export const updateInstanceStatement = (db: Database, before: InstanceRow, after: InstanceRow) =>
  db
    .update(personaInstances)
    .set({ ...changing(after), revision: before.revision + 1 })
    .where(changes(before, after));
