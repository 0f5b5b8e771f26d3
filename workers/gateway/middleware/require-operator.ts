import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { createMiddleware } from "hono/factory";
import { nobody } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { ConfigurationError, settingsOf } from "#src/kernel/config.ts";
import { isPredictable } from "#src/kernel/predictable-secret.ts";
import type { GatewayContext } from "../context.ts";
import { deviceOf } from "../device.ts";

/** Compared by digest, so that how long it takes tells nothing of the token. */
const digestOf = (text: string): string => Buffer.from(sha256(utf8ToBytes(text))).toString("hex");

/**
 * Lets nobody through but whoever has the operator token, `INTERNAL_TOKEN`, as bearer. Without one configured there is
 * nothing here (404); a predictable one opens nothing in production (503). Tries count as signing in.
 */
export const requireOperator = createMiddleware<GatewayContext>(async (c, next) => {
  const { INTERNAL_TOKEN: token, ENVIRONMENT } = settingsOf(c.env);
  if (token === undefined) throw new AppError("NOT_FOUND");
  if (ENVIRONMENT === "production" && isPredictable(token))
    throw new AppError("UPSTREAM_UNAVAILABLE", {
      cause: new ConfigurationError("INTERNAL_TOKEN must be a random secret"),
    });
  const [, given = ""] = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
  if (digestOf(given) !== digestOf(token)) {
    await c.get("platform").limits?.take(nobody("rest", deviceOf(c)), "sign-in");
    throw new AppError("UNAUTHORIZED");
  }
  await next();
});
