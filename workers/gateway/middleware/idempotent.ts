import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import { z } from "zod";
import { database } from "#src/db/client.ts";
import { answerOnce } from "#src/idempotency/answer-once.ts";
import type { TokenHolder } from "#src/identity/sessions/access-token.ts";
import { verifiedToken } from "#src/identity/sessions/verified-token.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { systemClock } from "#src/kernel/clock.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { keyRingOf, signingKeyOf } from "#src/kernel/key-ring.ts";
import type { Platform } from "#src/platform.ts";
import type { GatewayContext } from "../context.ts";
import { isPerforming } from "../rest.ts";
import { bearerToken } from "./authenticate.ts";

export const maxKeyLength = 255;

/**
 * These remember their keys in the tenant's object, in the transaction of what they do; a file is not kept, and a
 * check makes nothing: its answer of before would say what is true no more.
 */
const ownWay = /\/(?:execute|resume|export|validate)$/;

/** Where nobody's requests do something; elsewhere they are refused without a look into the database. */
const openToAll = /^\/api\/v1\/auth\//;

/** Whether the middleware remembers the answers of POST to a path. */
export const honoursIdempotencyKey = (path: string): boolean => !ownWay.test(path);

/**
 * `Idempotency-Key` on POST (docs/api.md#idempotency): what was done is not done again. Stands before the
 * routes and after the limits of the body, so none has to think of it.
 */
export const idempotent = createMiddleware<GatewayContext>(async (c, next) => {
  const key = c.req.header("idempotency-key");
  if (key === undefined || c.req.method !== "POST" || !honoursIdempotencyKey(c.req.path)) return next();
  if (matchedRoutes(c).some(({ handler }) => isPerforming(handler))) return next();
  if (key.length === 0 || key.length > maxKeyLength) {
    throw new AppError("VALIDATION_ERROR", {
      details: { fields: [{ path: "Idempotency-Key", message: `1 to ${maxKeyLength} characters` }] },
    });
  }
  const actor = await callerOf(c.var.platform, c.req.path, bearerToken(c.req.header("authorization")));
  if (!actor && !openToAll.test(c.req.path)) return next();
  const caller = actor?.userId ?? "nobody";
  const context = {
    db: database(c.env.DB),
    clock: systemClock,
    secret: signingKeyOf(keyRingOf(settingsOf(c.env))),
    logger: c.var.logger,
  };
  const body = await contentOf(c.req.header("content-type"), c.req);
  const { output, replayed } = await answerOnce(
    context,
    { caller, operation: `POST ${c.req.path}`, key, body, rights: actor ?? null },
    keptSchema,
    async () => {
      await next();
      if (!c.res.ok) throw new NotKept();
      const headers = Object.fromEntries([...c.res.headers].filter(([name]) => keptHeaders.includes(name)));
      return { status: c.res.status, headers, body: await c.res.clone().text() };
    },
  ).catch((error: unknown) => {
    if (error instanceof NotKept) return { output: undefined, replayed: false };
    throw error;
  });
  if (!replayed || !output) return;
  return new Response(output.body === "" ? null : output.body, {
    status: output.status,
    headers: { ...output.headers, "idempotent-replayed": "true" },
  });
});

/** An answer that is no success. */
class NotKept extends Error {}

const keptHeaders = ["content-type", "location", "etag"];
const keptSchema = z.object({
  status: z.number().int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/** Who asks; nobody where a token that no longer counts is none, as for those who ask for a new one. */
async function callerOf(
  platform: Platform,
  path: string,
  token: string | undefined,
): Promise<TokenHolder | undefined> {
  if (token === undefined) return undefined;
  try {
    return (await verifiedToken(platform, token)).actor;
  } catch (error) {
    if (error instanceof AppError && error.status === 401 && openToAll.test(path)) return undefined;
    throw error;
  }
}

interface Body {
  arrayBuffer(): Promise<ArrayBuffer>;
  formData(): Promise<FormData>;
}

/** What a body says: of a form its fields, because each sending has another boundary between them. */
async function contentOf(type: string | undefined, body: Body): Promise<Uint8Array<ArrayBuffer>> {
  if (!type?.startsWith("multipart/form-data")) return new Uint8Array(await body.arrayBuffer());
  const parts: Uint8Array[] = [];
  for (const [name, value] of await body.formData()) {
    const content =
      typeof value === "string" ? Buffer.from(value) : new Uint8Array(await value.arrayBuffer());
    parts.push(Buffer.from(JSON.stringify([name, content.byteLength])), content);
  }
  return Buffer.concat(parts);
}
