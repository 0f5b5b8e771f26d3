import { and, desc, eq, gt, isNull, lt, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { userProfiles, users } from "#src/db/schema/index.ts";
import type { ExportUsers } from "./schemas.ts";

/** Where a page ended: the creation time and id of its last account. */
export type ExportPosition = readonly [createdAt: number, id: string];

/** The next accounts of an export, the newest first; each filter has an index in this order. */
export const exportPage = (
  db: Database,
  { client_id, subscription_tier, role, is_active, created_after, created_before }: ExportUsers["filters"],
  after: ExportPosition | undefined,
  limit: number,
) =>
  db
    .select({
      id: users.id,
      email: users.email,
      clientId: users.clientId,
      role: users.role,
      tier: users.tier,
      isActive: users.isActive,
      emailVerified: users.emailVerified,
      firstName: userProfiles.firstName,
      lastName: userProfiles.lastName,
      company: userProfiles.company,
      phone: userProfiles.phone,
      totalLogins: users.totalLogins,
      lastLoginAt: users.lastLoginAt,
      createdAt: users.createdAt,
      updatedAt: users.updatedAt,
    })
    .from(users)
    .leftJoin(userProfiles, eq(userProfiles.userId, users.id))
    .where(
      and(
        isNull(users.deletedAt),
        client_id === undefined ? undefined : eq(users.clientId, client_id),
        subscription_tier === undefined ? undefined : eq(users.tier, subscription_tier),
        role === undefined ? undefined : eq(users.role, role),
        is_active === undefined ? undefined : eq(users.isActive, is_active),
        created_after === undefined ? undefined : gt(users.createdAt, created_after),
        created_before === undefined ? undefined : lt(users.createdAt, created_before),
        after && sql`(${users.createdAt}, ${users.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(users.createdAt), desc(users.id))
    .limit(limit);

export type ExportRow = Awaited<ReturnType<typeof exportPage>>[number];
