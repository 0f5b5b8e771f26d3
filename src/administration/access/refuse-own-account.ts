import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";

/** Administrators do not shut themselves out. Throws `BAD_REQUEST` for one's own account. */
export function refuseOwnAccount(actor: Account, userId: string): void {
  if (actor.userId === userId) {
    throw new AppError("BAD_REQUEST", { message: "You cannot do this to your own account" });
  }
}
