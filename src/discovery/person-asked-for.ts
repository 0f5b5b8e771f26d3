import { type Account, oneself } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";

/**
 * Whom a call is about: oneself; whoever administers the tenant may ask for anybody, or for nobody in particular (null), and says `me` for themself.
 * @throws AppError `INSUFFICIENT_PERMISSIONS` for somebody else
 */
export function personAskedFor({ scope, userId }: Account, asked: string | undefined): string | null {
  if (asked === oneself) return userId;
  if (scope !== "own") return asked ?? null;
  if (asked !== undefined && asked !== userId)
    throw new AppError("INSUFFICIENT_PERMISSIONS", { message: "Only for yourself" });
  return userId;
}
