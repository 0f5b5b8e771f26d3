import { and, desc, eq, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import { moderationRules } from "#src/db/schema/index.ts";
import type { PageRequest } from "#src/http/page.ts";

export type RuleRow = typeof moderationRules.$inferSelect;

/** Rules that a tenant may have: each message is held against all of them. */
export const maxRules = 50;

/** One of a tenant; of any where none is given. */
const one = (clientId: string | undefined, id: string) =>
  and(
    eq(moderationRules.id, id),
    clientId === undefined ? undefined : eq(moderationRules.clientId, clientId),
  );

/** A tenant's rules, newest first; one more than the limit when there are more. */
export const pageRules = (db: Database, clientId: string, { after, limit }: PageRequest) =>
  db
    .select()
    .from(moderationRules)
    .where(
      and(
        eq(moderationRules.clientId, clientId),
        after && sql`(${moderationRules.createdAt}, ${moderationRules.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(moderationRules.createdAt), desc(moderationRules.id))
    .limit(limit + 1);

/** All rules of a tenant. */
export const rulesOf = (db: Database, clientId: string) =>
  db.select().from(moderationRules).where(eq(moderationRules.clientId, clientId)).limit(maxRules);

export const findRule = (db: Database, clientId: string | undefined, id: string) =>
  db.select().from(moderationRules).where(one(clientId, id)).get();

/** Writes a rule while the tenant may have more. */
export const insertRule = (db: Database, row: RuleRow) => {
  const all = db.$count(moderationRules, eq(moderationRules.clientId, row.clientId));
  return insertWhere(db, moderationRules, row, sql`${all} < ${maxRules}`);
};

/** Writes a rule as it has become, unless somebody has changed it since it was read. */
export const replaceRule = (db: Database, before: RuleRow, after: RuleRow) =>
  db
    .update(moderationRules)
    .set(after)
    .where(and(one(before.clientId, before.id), eq(moderationRules.updatedAt, before.updatedAt)));

export const deleteRule = (db: Database, { clientId, id }: Pick<RuleRow, "clientId" | "id">) =>
  db.delete(moderationRules).where(one(clientId, id));
