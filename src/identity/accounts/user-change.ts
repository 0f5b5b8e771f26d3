import type { AuditEntry } from "#src/audit/index.ts";
import type { TenantEvent } from "#src/events/index.ts";
import type { UserRow } from "./user-repository.ts";
import { userEvent } from "./user-traces.ts";

/** A change of an account as it is to be written, with its traces. */
export interface UserChange {
  /** The account as it was read; changed meanwhile, the change is not made. */
  before: UserRow;
  after: UserRow;
  entry: AuditEntry;
  event: TenantEvent;
  /** Told when its subscription changes with it; another tier changes it, and so does deletion. */
  subscription?: TenantEvent;
  endsSessions: boolean;
  /** Also not made when the password is another than the one that was checked. */
  needsPassword?: boolean;
}

/** An account's soft deletion: it is signed out and cannot sign in, and its address is free again, all at once. */
export const deletionOf = (before: UserRow, entry: AuditEntry, now: number): UserChange => ({
  before,
  after: { ...before, deletedAt: now, isActive: false, updatedAt: now },
  entry,
  event: userEvent(before, { event: "user.deleted", data: { user_id: before.id } }),
  subscription: userEvent(before, {
    event: "subscription.cancelled",
    data: { user_id: before.id, status: "canceled" },
  }),
  endsSessions: true,
});

const isActiveAdmin = ({ role, isActive, deletedAt }: UserRow): boolean =>
  role === "admin" && isActive && deletedAt === null;

/** Whether a change takes an active administrator away; the last one has to remain. */
export const losesAdmin = ({ before, after }: Pick<UserChange, "before" | "after">): boolean =>
  isActiveAdmin(before) && !isActiveAdmin(after);

/** Whether two states of an account are the same in what changes are checked against. */
export const isUnchanged = (before: UserRow, now: UserRow): boolean =>
  (["role", "tier", "isActive", "emailVerified", "deletedAt"] as const).every(
    (field) => before[field] === now[field],
  );
