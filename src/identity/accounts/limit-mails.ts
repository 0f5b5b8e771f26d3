import type { Platform } from "#src/platform.ts";
import { mailKeys, secondsBehindOthers } from "../passwords/lockout.ts";
import { countFailure, failuresOf } from "../passwords/login-failure-repository.ts";
import { tooMany, waitsOf } from "../passwords/too-many.ts";

/**
 * Counts a mail that somebody at an address asks for, whoever it is for: the
 * answer tells nothing about the account. Accounts have a limit of their own
 * (`makeOneTimeToken`).
 * @throws AppError `RATE_LIMITED` with `Retry-After`
 */
export async function limitMails({ db, clock }: Pick<Platform, "db" | "clock">, ip: string): Promise<void> {
  const now = clock.now();
  const keys = mailKeys(ip);
  const before = await failuresOf(db, keys);
  const waiting = waitsOf(keys, before, now).map(({ seconds }) => seconds);
  if (waiting.length === 0) {
    const after = await countFailure(db, keys, now);
    for (const { scope, key } of keys) {
      const counts = { before: before.get(key), after: after.get(key) };
      waiting.push(secondsBehindOthers(scope, counts, true, now));
    }
  }
  const seconds = Math.max(0, ...waiting);
  if (seconds > 0) throw tooMany("Too many mails; try again later", seconds);
}
