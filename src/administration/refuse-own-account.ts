import { AppError } from "../http/app-error.ts";
import type { Principal } from "../identity/principal.ts";

/** Administrators do not shut themselves out. Throws `BAD_REQUEST` for one's own account. */
export function refuseOwnAccount(principal: Principal, userId: string): void {
  if (principal.userId === userId) {
    throw new AppError("BAD_REQUEST", { message: "You cannot do this to your own account" });
  }
}
