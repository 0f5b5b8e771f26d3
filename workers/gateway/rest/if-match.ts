import { z } from "@hono/zod-openapi";
import { validationError } from "#src/http/error-response.ts";
import type { Offer } from "./offer.ts";

const headers = z.object({
  "If-Match": z
    .string()
    .regex(/^(\*|"[1-9]\d{0,14}")$/, "A version in quotation marks, or *")
    .optional()
    .openapi({
      param: { description: 'The `version` that was decided on, as `"3"`; refused where it is another' },
      example: '"3"',
    }),
});

/** The body with the version that `If-Match` names; a body that says its own has to say the same. */
export function withVersion(ifMatch: string | undefined, body: unknown): unknown {
  const issues = headers.safeParse({ "If-Match": ifMatch }).error?.issues;
  if (issues) throw validationError(issues);
  if (ifMatch === undefined || ifMatch === "*") return body;
  const version = Number(ifMatch.replaceAll('"', ""));
  // What is no object is refused as such by the operation's schema.
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  if ("version" in body && body.version !== version)
    throw validationError([
      { code: "custom", path: ["version"], message: "If-Match says another", input: body.version },
    ]);
  return { ...body, version };
}

/** How a change is offered that is decided on a version: the version can be said by `If-Match` as well. */
export const byVersion = {
  requestHeaders: headers,
  amend: (c, body) => withVersion(c.req.header("if-match"), body),
} as const satisfies Offer<unknown>;
