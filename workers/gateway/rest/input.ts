import { z } from "@hono/zod-openapi";
import { validationError } from "#src/http/error-response.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { GatewayRequest } from "../context.ts";
import { isJson } from "../middleware/json-body.ts";
import { requireExactJson } from "./exact-json.ts";
import type { Offer } from "./offer.ts";

/** The input of a call, in its parts, as it came in. */
export async function inputOf(
  c: GatewayRequest,
  { shape }: z.ZodObject,
  { body: offered, amend = asItIs }: Pick<Offer<unknown>, "amend" | "body">,
): Promise<Record<string, unknown>> {
  // Also what no operation takes: nobody is to think that it was read.
  if (!offered?.documented) await requireExactJson(c);
  if (!shape.query && c.req.url.includes("?")) refuseQuery(c);
  return {
    ...(shape.params ? { params: c.req.param() } : {}),
    ...(shape.query ? { query: queryOf(c) } : {}),
    ...(shape.headers ? { headers: c.req.header() } : {}),
    ...(shape.body ? { body: amend(c, await (offered?.read ?? jsonOf)(c)) } : {}),
  };
}

const asItIs = (_: GatewayRequest, body: unknown): unknown => body;

/** Where no parameter is known, each is refused. */
function refuseQuery(c: GatewayRequest): void {
  const issues = z.strictObject({}).safeParse(c.req.query()).error?.issues;
  if (issues) throw validationError(issues);
}

/** Query parameters; a list of those that are there several times. */
export const queryOf = (c: GatewayRequest): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, values]) => [
      name,
      values.length === 1 && values[0] !== undefined ? values[0] : values,
    ]),
  );

/** The JSON body; an empty object where there is none. */
export async function jsonOf(c: GatewayRequest): Promise<unknown> {
  const type = c.req.header("content-type");
  if (type === undefined) return {};
  // `requireExactJson` lets another type through where the body is empty.
  if (!isJson(type)) throw new AppError("UNSUPPORTED_MEDIA_TYPE", { message: "Unsupported Media Type" });
  try {
    return await c.req.json();
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new AppError("VALIDATION_ERROR", { message: "Malformed JSON in request body", cause });
  }
}
