import { GraphQLError } from "graphql";
import { AppError } from "#src/kernel/app-error.ts";
import { type ErrorCode, errorCatalogue } from "#src/kernel/error-catalogue.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";

/** A refusal as the library takes it. */
export const refused = (error: AppError): GraphQLError =>
  new GraphQLError(error.message, { originalError: error });

/**
 * An error as callers are told it: with the code, status and details that REST has for the same. What was not expected
 * is logged, and told without a word of it.
 */
export const errorTeller =
  ({ requestId, log }: Pick<Platform, "requestId" | "log">) =>
  (error: Readonly<GraphQLError | Error>): GraphQLError => {
    const refusal = refusalIn(error);
    if (refusal.code === "INTERNAL_ERROR")
      log.error("a field failed", { path: pathOf(error), ...errorFields(causeOf(error)) });
    const { code, message, status, details } = refusal;
    const extensions = { code, status, request_id: requestId, ...(details === undefined ? {} : { details }) };
    if (!(error instanceof GraphQLError)) return new GraphQLError(message, { extensions });
    const { source, positions, path, nodes } = error;
    return new GraphQLError(message, { nodes, source, positions, path, extensions });
  };

const causeOf = (error: Readonly<Error>): unknown =>
  error instanceof GraphQLError ? (error.originalError ?? error) : error;

const pathOf = (error: Readonly<Error>): string =>
  error instanceof GraphQLError ? (error.path ?? []).join(".") : "";

interface Refusal {
  code: ErrorCode;
  message: string;
  status: number;
  details?: unknown;
}

function refusalIn(error: Readonly<GraphQLError | Error>): Refusal {
  const cause = causeOf(error);
  if (cause instanceof AppError && cause.code !== "INTERNAL_ERROR") return cause;
  return isOfTheRequest(error)
    ? inCatalogue("VALIDATION_ERROR", error.message)
    : inCatalogue("INTERNAL_ERROR");
}

const inCatalogue = (code: ErrorCode, message: string = errorCatalogue[code].message): Refusal => ({
  code,
  message,
  status: errorCatalogue[code].status,
});

/**
 * Whether an error says what is wrong with the request: it could not be read, is no GraphQL, does not fit the schema, or
 * gives an argument a value that is none of it, which comes up at its field.
 */
function isOfTheRequest(error: Readonly<GraphQLError | Error>): boolean {
  // The library's own words about a request that it could not read.
  if (!(error instanceof GraphQLError)) return true;
  const { originalError, path } = error;
  if (path === undefined) return originalError === undefined || originalError instanceof GraphQLError;
  return originalError instanceof GraphQLError && originalError.nodes !== undefined;
}
