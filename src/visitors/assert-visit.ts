import { nobodyCanTell } from "#src/identity/index.ts";
import type { WidgetVisitor } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { isVisitInForce } from "./visitor-repository.ts";

/**
 * Asks whether a visitor may go on: that their widget is there and switched on, and their tenant is.
 * @throws AppError `TOKEN_INVALID` when they may not; `UPSTREAM_UNAVAILABLE` when nobody can tell
 */
export async function assertVisit(
  db: Platform["db"],
  { clientId, visit }: Pick<WidgetVisitor, "clientId" | "visit">,
): Promise<void> {
  const isInForce = await isVisitInForce(db, clientId, visit).catch(nobodyCanTell);
  if (!isInForce) throw new AppError("TOKEN_INVALID", { message: "The widget lets nobody in any more" });
}

/**
 * As `assertVisit`, and that their access token is still good: of who is here for longer.
 * @throws AppError as `assertVisit`; `TOKEN_EXPIRED`
 */
export async function assertVisitGoesOn(
  { db, clock }: Pick<Platform, "db" | "clock">,
  visitor: Pick<WidgetVisitor, "clientId" | "visit">,
): Promise<void> {
  if (visitor.visit.expiresAt <= clock.now()) throw new AppError("TOKEN_EXPIRED");
  await assertVisit(db, visitor);
}
