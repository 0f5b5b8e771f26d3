import { createMiddleware } from "hono/factory";
import { systemClock } from "../../../src/clock.ts";
import { settingsOf } from "../../../src/config.ts";
import { database } from "../../../src/db/client.ts";
import { AppError } from "../../../src/http/app-error.ts";
import { answerOnce } from "../../../src/idempotency/answer-once.ts";
import { keyRingOf, signingKeyOf } from "../../../src/identity/key-ring.ts";
import type { GatewayContext } from "../context.ts";
import { bearerToken, verifiedToken } from "./authenticate.ts";

export const maxKeyLength = 255;

/** These remember their keys in the tenant's object, in the transaction of what they do; a file is not kept. */
const ownWay = /\/(?:execute|resume|export)$/;

/** Whether the middleware remembers the answers of POST to a path. */
export const honoursIdempotencyKey = (path: string): boolean => !ownWay.test(path);

/**
 * `Idempotency-Key` on POST (spec 06-operations, "Requests"): what was done is not done again. Stands before the
 * routes and after the limits of the body, so none has to think of it.
 */
export const idempotent = createMiddleware<GatewayContext>(async (c, next) => {
  const key = c.req.header("idempotency-key");
  if (key === undefined || c.req.method !== "POST" || !honoursIdempotencyKey(c.req.path)) return next();
  if (key.length === 0 || key.length > maxKeyLength) {
    throw new AppError("VALIDATION_ERROR", {
      details: { fields: [{ path: "Idempotency-Key", message: `1 to ${maxKeyLength} characters` }] },
    });
  }
  const token = bearerToken(c.req.header("authorization"));
  const caller = token === undefined ? "nobody" : (await verifiedToken(c.env, token)).principal.userId;
  const context = {
    db: database(c.env.DB),
    clock: systemClock,
    secret: signingKeyOf(keyRingOf(settingsOf(c.env))),
    logger: c.var.logger,
  };
  const body = await contentOf(c.req.header("content-type"), c.req);
  const answer = await answerOnce(
    context,
    { caller, operation: `POST ${c.req.path}`, key, body },
    async () => {
      await next();
      return c.res;
    },
  );
  if (answer === c.res) return;
  return answer;
});

interface Body {
  arrayBuffer(): Promise<ArrayBuffer>;
  formData(): Promise<FormData>;
}

/** What a body says: of a form its fields, because each sending has another boundary between them. */
async function contentOf(type: string | undefined, body: Body): Promise<Uint8Array> {
  if (!type?.startsWith("multipart/form-data")) return new Uint8Array(await body.arrayBuffer());
  const parts: Uint8Array[] = [];
  for (const [name, value] of await body.formData()) {
    const content =
      typeof value === "string" ? Buffer.from(value) : new Uint8Array(await value.arrayBuffer());
    parts.push(Buffer.from(JSON.stringify([name, content.byteLength])), content);
  }
  return Buffer.concat(parts);
}
