import { AppError } from "#src/kernel/app-error.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import type { Platform } from "#src/platform.ts";
import { assertVisit } from "./assert-visit.ts";
import { type VouchedVisit, verifyVisitorToken } from "./visitor-token.ts";

/**
 * Who holds a visitor's token, while their widget lets them in, from the page that it was opened on.
 * @param origin what the browser says of the page; undefined where it says nothing, as of calls within one origin
 * @throws AppError `TOKEN_EXPIRED`, `TOKEN_INVALID`; `INSUFFICIENT_PERMISSIONS` from another page
 */
export async function admitVisit(
  { db, clock, settings }: Pick<Platform, "db" | "clock" | "settings">,
  token: string,
  origin: string | undefined,
): Promise<VouchedVisit> {
  const vouched = await verifyVisitorToken(token, keyRingOf(settings), clock.now());
  if (origin !== undefined && origin !== vouched.visit.origin)
    throw new AppError("INSUFFICIENT_PERMISSIONS", { message: "The session is another page's" });
  await assertVisit(db, vouched);
  return vouched;
}
