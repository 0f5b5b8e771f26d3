import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { openingSchema } from "#src/realtime/index.ts";

/** How a socket is asked for, besides its address: whether that is an upgrade, and the ticket that has let the caller in. */
export const socketAskingSchema = openingSchema.pick({ ticket: true }).extend({ isUpgrade: z.boolean() });

/** @throws AppError `UPGRADE_REQUIRED` where no upgrade is asked for */
export function requireUpgrade({ isUpgrade }: { isUpgrade: boolean }): void {
  if (!isUpgrade) throw new AppError("UPGRADE_REQUIRED", { headers: { Upgrade: "websocket" } });
}
