import type { Database } from "#src/db/client.ts";
import type { Role, Tier } from "#src/kernel/actor.ts";
import { findAccount, permissionsOf } from "./user-repository.ts";

/** An account with the rights that it has at this moment. */
export interface AccountNow {
  userId: string;
  email: string;
  role: Role;
  tier: Tier;
  permissions: string[];
}

/** What an account of a tenant may now; undefined where it is gone or switched off, or its tenant is. */
export async function accountNow(
  db: Database,
  clientId: string,
  userId: string,
): Promise<AccountNow | undefined> {
  const [found, permissions] = await Promise.all([findAccount(db, userId), permissionsOf(db, userId)]);
  if (!found?.clientActive || !found.user.isActive || found.user.clientId !== clientId) return undefined;
  const { email, role, tier } = found.user;
  return { userId, email, role, tier, permissions };
}
