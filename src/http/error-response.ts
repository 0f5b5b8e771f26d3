import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { type ErrorCode, errorCatalogue } from "#src/kernel/error-catalogue.ts";
import { plainIssues } from "#src/kernel/issues.ts";

/** The one error shape (docs/api.md#errors). */
const errorBodySchema = z
  .object({
    error: z
      .enum(Object.keys(errorCatalogue))
      .openapi({ description: "Stable upper-case code", example: "NOT_FOUND" }),
    code: z
      .string()
      .optional()
      .openapi({ description: "Older short code, where one exists", example: "AUTH001" }),
    message: z.string().openapi({ example: "Not found" }),
    details: z.unknown().optional().openapi({ description: "Facts: fields that are not valid, limits, ids" }),
    request_id: z.string().openapi({ example: "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c" }),
  })
  .openapi("Error");

export type ErrorBody = z.infer<typeof errorBodySchema>;

/** Renders a refusal as the wire body. */
export function errorBody(error: AppError, requestId: string): ErrorBody {
  const entry = errorCatalogue[error.code];
  const code = error.shortCode ?? ("code" in entry ? entry.code : undefined);
  return {
    error: error.code,
    ...(code === undefined ? {} : { code }),
    message: error.message,
    ...(error.details === undefined ? {} : { details: error.details }),
    request_id: requestId,
  };
}

/** A refusal from zod issues: every field with its path and reason. */
export const validationError = (
  issues: readonly z.core.$ZodIssue[],
  above: readonly PropertyKey[] = [],
): AppError =>
  refusedFields(
    plainIssues(issues, above).map(({ path, message }) => ({ path: path.map(String).join("."), message })),
  );

/** Fields that a refusal names; more help nobody, and a body full of nonsense would be answered with several times its size. */
const maxFields = 100;

/** A refusal of fields by name, and how many more there are; a password among them has the older system's code for it. */
export const refusedFields = (fields: readonly { path: string; message: string }[]): AppError =>
  new AppError("VALIDATION_ERROR", {
    details:
      fields.length > maxFields
        ? { fields: fields.slice(0, maxFields), more_fields: fields.length - maxFields }
        : { fields },
    shortCode: fields.some(({ path }) => /^(?:new_)?password$/.test(path)) ? "USER003" : undefined,
  });

const challenge = z.object({
  "WWW-Authenticate": z.string().openapi({
    description: "How to sign in, and whether the token is no good",
    example: 'Bearer realm="persona-edge", error="invalid_token"',
  }),
});

type ErrorResponse = {
  description: string;
  headers?: typeof challenge;
  content: { "application/json": { schema: typeof errorBodySchema } };
};

type StatusOf<C extends ErrorCode> = (typeof errorCatalogue)[C]["status"];

/**
 * The `responses` entries of a route for the refusals it can give, grouped by
 * status; spread into the route definition. Every route also gets 500.
 *
 * @example responses: { 200: {…}, ...errorResponses("UNAUTHORIZED", "NOT_FOUND") }
 */
export function errorResponses<C extends ErrorCode>(...codes: C[]): Record<StatusOf<C> | 500, ErrorResponse> {
  const descriptions = new Map<number, string[]>();
  for (const code of [...codes, "INTERNAL_ERROR"] as const) {
    const { status, message } = errorCatalogue[code];
    descriptions.set(status, [...(descriptions.get(status) ?? []), `\`${code}\`: ${message}`]);
  }
  const responses = Object.fromEntries(
    [...descriptions].map(([status, lines]) => [
      status,
      {
        description: lines.join("; "),
        ...(status === 401 ? { headers: challenge } : {}),
        content: { "application/json": { schema: errorBodySchema } },
      },
    ]),
  );
  if (!hasEach(responses, codes)) throw new Error("A refusal has no response");
  return responses;
}

/** Whether there is a response for each refusal. */
const hasEach = <C extends ErrorCode>(
  responses: Record<number, ErrorResponse>,
  codes: readonly C[],
): responses is Record<StatusOf<C> | 500, ErrorResponse> =>
  [500, ...codes.map((code) => errorCatalogue[code].status)].every((status) => status in responses);
