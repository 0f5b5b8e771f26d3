import { and, desc, eq, gt, isNull, or, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { bans, users, visitors } from "#src/db/schema/index.ts";
import type { PageRequest } from "#src/http/page.ts";
import type { Person } from "#src/kernel/actor.ts";

export type BanRow = typeof bans.$inferSelect;

const inForce = (now: number) => or(isNull(bans.until), gt(bans.until, now));

/** Those who are banned from a tenant's conversations, the latest first; one more than the limit when there are more. */
export const pageBans = (
  db: Database,
  { clientId, personId, now }: { clientId: string; personId?: string; now: number },
  { after, limit }: PageRequest,
) =>
  db
    .select()
    .from(bans)
    .where(
      and(
        eq(bans.clientId, clientId),
        personId === undefined ? undefined : eq(bans.personId, personId),
        inForce(now),
        after && sql`(${bans.createdAt}, ${bans.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(bans.createdAt), desc(bans.id))
    .limit(limit + 1);

/** The ban of somebody that is in force. */
export const banOf = (db: Database, { clientId, id }: Pick<Person, "clientId" | "id">, now: number) =>
  db
    .select({ until: bans.until })
    .from(bans)
    .where(and(eq(bans.personId, id), eq(bans.clientId, clientId), inForce(now)))
    .get();

/** Bans somebody; whoever is banned already is from now on as it is said now. The row that holds comes back. */
export const putBan = (db: Database, row: BanRow) => {
  const { id, clientId, personId, ...changing } = row;
  return db
    .insert(bans)
    .values(row)
    .onConflictDoUpdate({ target: [bans.personId, bans.clientId], set: changing })
    .returning();
};

export const deleteBan = (db: Database, { id, clientId }: Pick<BanRow, "id" | "clientId">) =>
  db.delete(bans).where(and(eq(bans.id, id), eq(bans.clientId, clientId)));

/** One of a tenant; of any where none is given. */
export const findBan = (db: Database, clientId: string | undefined, id: string) =>
  db
    .select()
    .from(bans)
    .where(and(eq(bans.id, id), clientId === undefined ? undefined : eq(bans.clientId, clientId)))
    .get();

/** Somebody of a tenant, who has an account or visits its pages. */
export async function personOfTenant(
  db: Database,
  clientId: string,
  id: string,
): Promise<Person | undefined> {
  const account = and(eq(users.id, id), eq(users.clientId, clientId), isNull(users.deletedAt));
  const visitor = and(eq(visitors.id, id), eq(visitors.clientId, clientId));
  const [[user], [other]] = await db.batch([
    db.select({ id: users.id }).from(users).where(account),
    db.select({ id: visitors.id }).from(visitors).where(visitor),
  ]);
  if (user) return { clientId, id, kind: "user" };
  return other && { clientId, id, kind: "visitor" };
}
