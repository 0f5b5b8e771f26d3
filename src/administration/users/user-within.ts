import type { Database } from "#src/db/client.ts";
import { findUser, permissionsOf, type UserRow } from "#src/identity/index.ts";
import { type Account, reaches } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { refuseAbove } from "../access/refuse-above.ts";
import { findUserEvenDeleted } from "./administered-user-repository.ts";

const within = (actor: Account, user: UserRow | undefined): UserRow => {
  // An account of another tenant is answered like one that is not there.
  if (!user || !reaches(actor, user.clientId)) throw new AppError("USER_NOT_FOUND");
  return user;
};

/**
 * A living account that the caller's rights reach.
 * @throws AppError `USER_NOT_FOUND`
 */
export const userWithin = async (db: Database, actor: Account, userId: string): Promise<UserRow> =>
  within(actor, await findUser(db, userId));

/**
 * As `userWithin`, to be acted on: an account that may do no more than the caller.
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export async function userBelow(db: Database, actor: Account, userId: string): Promise<UserRow> {
  const [user, permissions] = await Promise.all([userWithin(db, actor, userId), permissionsOf(db, userId)]);
  refuseAbove(actor, user, permissions);
  return user;
}

/**
 * As `userWithin`, also a deleted account, whose traces remain.
 * @throws AppError `USER_NOT_FOUND`
 */
export const anyUserWithin = async (db: Database, actor: Account, userId: string): Promise<UserRow> =>
  within(actor, await findUserEvenDeleted(db, userId));
