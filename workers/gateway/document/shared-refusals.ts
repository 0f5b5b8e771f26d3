import type { OpenAPIHono } from "@hono/zod-openapi";
import { type ErrorCode, errorCatalogue } from "#src/kernel/error-catalogue.ts";
import { rateLimitHeaderRefs } from "./rate-limit-headers.ts";

type Paths = NonNullable<ReturnType<OpenAPIHono["getOpenAPI31Document"]>["paths"]>;

const methods = ["get", "post", "put", "patch", "delete"] as const;

interface Request {
  requestBody?: unknown;
  parameters?: readonly object[];
}

/** What the middleware in front of an operation can refuse with, whatever the operation does. */
const refusalsOf = ({ requestBody, parameters }: Request): ErrorCode[] => [
  "VALIDATION_ERROR",
  ...(parameters?.some((parameter) => "in" in parameter && parameter.in === "path")
    ? (["NOT_FOUND"] as const)
    : []),
  ...(requestBody === undefined ? [] : (["PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"] as const)),
  "UPSTREAM_UNAVAILABLE",
];

const responseOf = (code: ErrorCode) => ({
  description: `\`${code}\`: ${errorCatalogue[code].message}`,
  content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
});

const tooMany = { ...responseOf("RATE_LIMITED"), headers: rateLimitHeaderRefs };

/** Adds the refusals of the middleware to every operation that it stands before and that does not name them itself. */
export function addSharedRefusals(paths: Paths): void {
  for (const item of Object.values(paths)) {
    for (const operation of methods.flatMap((method) => item[method] ?? [])) {
      const shared = Object.fromEntries(
        refusalsOf(operation).map((code) => [errorCatalogue[code].status, responseOf(code)]),
      );
      operation.responses = { ...shared, ...operation.responses, 429: tooMany };
    }
  }
}
