import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";

const inviteCodesSchema = z.array(z.string()).catch([]);

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * Whether a tenant's settings let somebody register: `registration` is `open`, or
 * `invite` and the code is one of `invite_codes`. Anything else is closed.
 */
export function admitsRegistration(
  { registration, invite_codes }: Record<string, unknown>,
  inviteCode: string | undefined,
): boolean {
  if (registration === "open") return true;
  if (registration !== "invite" || inviteCode === undefined) return false;
  const given = digest(inviteCode);
  const fitting = inviteCodesSchema
    .parse(invite_codes)
    .filter((code) => timingSafeEqual(digest(code), given));
  return fitting.length > 0;
}
