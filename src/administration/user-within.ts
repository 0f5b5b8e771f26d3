import type { Database } from "../db/client.ts";
import { AppError } from "../http/app-error.ts";
import { type Principal, reaches } from "../identity/principal.ts";
import { findUser, type UserRow } from "../identity/user-repository.ts";
import { findUserEvenDeleted } from "./administered-user-repository.ts";

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
 * As `userWithin`, also a deleted account, whose traces remain.
 * @throws AppError `USER_NOT_FOUND`
 */
export const anyUserWithin = async (db: Database, principal: Principal, userId: string): Promise<UserRow> =>
  within(principal, await findUserEvenDeleted(db, userId));
