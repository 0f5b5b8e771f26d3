import type { Person } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { banOf } from "./bans/ban-repository.ts";

/**
 * Asked of the database each time: a ban counts at once, and so does its end.
 * @throws AppError `BANNED` for somebody who may write in no conversation of the tenant at present
 */
export async function requireNotBanned(
  { db, clock }: Pick<Platform, "db" | "clock">,
  person: Pick<Person, "clientId" | "id">,
): Promise<void> {
  const now = clock.now();
  const ban = await banOf(db, person, now);
  if (!ban) return;
  const headers: Record<string, string> =
    ban.until === null ? {} : { "Retry-After": String(Math.ceil((ban.until - now) / 1000)) };
  throw new AppError("BANNED", { headers });
}
