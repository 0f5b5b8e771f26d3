import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { personaInstances } from "../db/schema/index.ts";
import { hasRole, type Principal } from "../identity/principal.ts";
import { withinPersonaQuota } from "../subscriptions/quota-condition.ts";

export type InstanceRow = typeof personaInstances.$inferSelect;

const mostListed = 500;

/** The living instance, if the caller may see it: its owner, or an administrator of its tenant. */
export const findInstance = (db: Database, principal: Principal, id: string) =>
  db
    .select()
    .from(personaInstances)
    .where(
      and(
        eq(personaInstances.id, id),
        eq(personaInstances.clientId, principal.clientId),
        isNull(personaInstances.deletedAt),
        hasRole(principal, "admin") ? undefined : eq(personaInstances.ownerUserId, principal.userId),
      ),
    )
    .get();

/** The caller's own living instances, newest first. */
export const listInstances = (db: Database, { clientId, userId }: Principal, projectId?: string) =>
  db
    .select()
    .from(personaInstances)
    .where(
      and(
        eq(personaInstances.clientId, clientId),
        eq(personaInstances.ownerUserId, userId),
        isNull(personaInstances.deletedAt),
        projectId === undefined ? undefined : eq(personaInstances.projectId, projectId),
      ),
    )
    .orderBy(desc(personaInstances.createdAt))
    .limit(mostListed);

/** Inserts within the owner's quota, check and insert in one statement; false when the quota is used up. */
export async function insertWithinQuota(db: Database, row: InstanceRow): Promise<boolean> {
  const inserted = await db.run(sql`
    INSERT INTO ${personaInstances}
      (id, client_id, owner_user_id, template_id, template_version, project_id, name, config, is_active, created_at, updated_at)
    SELECT ${row.id}, ${row.clientId}, ${row.ownerUserId}, ${row.templateId}, ${row.templateVersion}, ${row.projectId},
      ${row.name}, ${JSON.stringify(row.config)}, 1, ${row.createdAt}, ${row.updatedAt}
    WHERE ${withinPersonaQuota(row.ownerUserId)}`);
  return inserted.meta.changes > 0;
}
