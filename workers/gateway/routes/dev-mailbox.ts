import { OpenAPIHono } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { readMailbox } from "#src/mail/index.ts";
import type { GatewayContext } from "../context.ts";
import { loopbackOnly } from "../middleware/loopback-only.ts";

/** Letters of the development mailer; in production this path does not exist. Not part of the API document. */
export const devMailbox = new OpenAPIHono<GatewayContext>();

devMailbox.get("/dev/mailbox", loopbackOnly, async (c) => {
  if (settingsOf(c.env).ENVIRONMENT !== "development") throw new AppError("NOT_FOUND");
  return c.json({ letters: await readMailbox(c.env.CACHE) });
});
