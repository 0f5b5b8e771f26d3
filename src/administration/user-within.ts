import type { Database } from "../db/client.ts";
import { AppError } from "../http/app-error.ts";
import { type Principal, reaches } from "../identity/principal.ts";
import { findUser, permissionsOf, type UserRow } from "../identity/user-repository.ts";
import { findUserEvenDeleted } from "./administered-user-repository.ts";
import { refuseAbove } from "./refuse-above.ts";

const within = (principal: Principal, user: UserRow | undefined): UserRow => {
  // An account of another tenant is answered like one that is not there.
  if (!user || !reaches(principal, user.clientId)) throw new AppError("USER_NOT_FOUND");
  return user;
};

/**
 * A living account that the caller's rights reach.
 * @throws AppError `USER_NOT_FOUND`
 */
export const userWithin = async (db: Database, principal: Principal, userId: string): Promise<UserRow> =>
  within(principal, await findUser(db, userId));

/**
 * As `userWithin`, to be acted on: an account that may do no more than the caller.
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export async function userBelow(db: Database, principal: Principal, userId: string): Promise<UserRow> {
  const [user, permissions] = await Promise.all([
    userWithin(db, principal, userId),
    permissionsOf(db, userId),
  ]);
  refuseAbove(principal, user, permissions);
  return user;
}

/**
 * As `userWithin`, also a deleted account, whose traces remain.
 * @throws AppError `USER_NOT_FOUND`
 */
export const anyUserWithin = async (db: Database, principal: Principal, userId: string): Promise<UserRow> =>
  within(principal, await findUserEvenDeleted(db, userId));
