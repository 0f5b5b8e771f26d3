import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { personaInstances, projects, users } from "#src/db/schema/index.ts";
import type { UserRow } from "#src/identity/index.ts";
import type { ListUsers } from "./schemas.ts";

const sortColumns = {
  created_at: users.createdAt,
  updated_at: users.updatedAt,
  email: users.email,
  last_login_at: users.lastLoginAt,
  role: users.role,
  tier: users.tier,
} as const;

/** Of equals by role or tier the newest come first, or last, as their indexes have them. */
const amongEquals = { role: [users.createdAt], tier: [users.createdAt] } as const;

/** Letters below which the index of address parts knows nothing. */
const minLetters = 3;

/** Accounts with a part of an address; `%` and `_` mean themselves. Addresses are stored in lower case. */
const hasInAddress = (text: string) => {
  const part = text.toLowerCase();
  if ([...part].length < minLetters) return sql`instr(${users.email}, ${part}) > 0`;
  const phrase = `"${part.replaceAll('"', '""')}"`;
  return sql`${users.id} IN (SELECT user_id FROM user_search WHERE user_search MATCH ${phrase})`;
};

const matching = ({ email, client_id, role, tier, is_active }: ListUsers) =>
  and(
    isNull(users.deletedAt),
    email === undefined ? undefined : hasInAddress(email),
    client_id === undefined ? undefined : eq(users.clientId, client_id),
    role === undefined ? undefined : eq(users.role, role),
    tier === undefined ? undefined : eq(users.tier, tier),
    is_active === undefined ? undefined : eq(users.isActive, is_active),
  );

const orderOf = ({ sort_by }: ListUsers) => [
  sortColumns[sort_by],
  ...(sort_by === "role" || sort_by === "tier" ? amongEquals[sort_by] : []),
];

/** One page of living accounts of all tenants, and how many match in all. */
export async function pageOfUsers(
  db: Database,
  query: ListUsers,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: UserRow[]; total: number }> {
  const where = matching(query);
  const order = query.sort_order === "asc" ? asc : desc;
  const [rows, [counted]] = await db.batch([
    db
      .select()
      .from(users)
      .where(where)
      // The id settles ties, so that no page repeats or leaves out an account.
      .orderBy(...orderOf(query).map(order), order(users.id))
      .limit(limit)
      .offset(offset),
    db.select({ total: sql<number>`count(*)` }).from(users).where(where),
  ]);
  return { rows, total: counted?.total ?? 0 };
}

/** An account, also a deleted one, whose traces remain. */
export const findUserEvenDeleted = (db: Database, userId: string) =>
  db.select().from(users).where(eq(users.id, userId)).get();

/** How many living projects and persona instances an account owns. */
export async function countBelongings(db: Database, userId: string) {
  const [[ownProjects], [personas]] = await db.batch([
    db
      .select({ count: sql<number>`count(*)` })
      .from(projects)
      .where(and(eq(projects.ownerId, userId), eq(projects.isActive, true))),
    db
      .select({ count: sql<number>`count(*)` })
      .from(personaInstances)
      .where(and(eq(personaInstances.ownerUserId, userId), isNull(personaInstances.deletedAt))),
  ]);
  return { projects: ownProjects?.count ?? 0, personas: personas?.count ?? 0 };
}
