import type { ExecutionResult, GraphQLError } from "graphql";
import type { RequestParams } from "graphql-http";
import { type Actor, isAccount } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import type { GraphqlRequest } from "./answer.ts";
import type { GraphqlContext } from "./context.ts";
import { errorTeller } from "./errors.ts";
import { callsFor } from "./limits.ts";
import { PersistedQueries } from "./persisted-queries.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { paramsOf } from "./request-params.ts";
import { schema } from "./schema.ts";

/** What is wrong with a request of which nothing can be told. */
export interface Unfit {
  errors: readonly GraphQLError[];
}

/** An operation whose results may be told one after another. */
export interface Admitted {
  prepared: Prepared;
  /** Its document, in full. */
  query: string;
  /** What the library carries it out with, besides the context. */
  of: {
    schema: typeof schema;
    document: Prepared["document"];
    operationName: RequestParams["operationName"];
    variableValues: RequestParams["variables"];
  };
  /** The context of a single execution: what was read for the one before may be so no longer. */
  contextOf(): GraphqlContext;
  told: Teller;
}

/** Makes of what an execution has come to what is told. */
export type Teller = (result: ExecutionResult, extensions: Record<string, unknown>) => ExecutionResult;

export function tellerOf(platform: Pick<Platform, "requestId" | "log">): Teller {
  const tell = errorTeller(platform);
  return ({ data, errors }, extensions) => ({
    ...(errors && { errors: errors.map(tell) }),
    ...(data !== undefined && { data }),
    extensions,
  });
}

/**
 * Lets an operation in whose results are told one after another: it is understood, within the limits, and counted against
 * those of its caller.
 * @throws AppError `UNAUTHORIZED`; `RATE_LIMITED`; `METHOD_NOT_ALLOWED` for a mutation by GET
 */
export async function admitted(
  platform: Platform,
  actor: Actor,
  request: GraphqlRequest,
): Promise<Admitted | Unfit> {
  if (!isAccount(actor)) throw new AppError("UNAUTHORIZED");
  const asked = { ...request, raw: undefined, context: undefined };
  const persisted = new PersistedQueries(request.documents, platform);
  const { params, named } = await paramsOf(asked, persisted);
  // What the library says of a request that it cannot read.
  if (!("query" in params)) throw new AppError("VALIDATION_ERROR", { message: params[0] ?? undefined });
  const prepared = prepare(params);
  if (Array.isArray(prepared)) return { errors: prepared.map(errorTeller(platform)) };
  const { document, operation, measured } = prepared;
  if (operation.operation === "mutation" && request.method === "GET")
    throw new AppError("METHOD_NOT_ALLOWED", { headers: { Allow: "POST" } });
  // As one call it has been counted already.
  await platform.limits?.take(actor, "read", callsFor(measured) - 1);
  if (named) persisted.keep(named.hash, named.text, actor.userId);
  const { query, operationName, variables: variableValues } = params;
  return {
    prepared,
    query,
    of: { schema, document, operationName, variableValues },
    contextOf: () => ({
      platform: { ...platform, limits: undefined },
      actor,
      call: operation.selectionSet.selections.length === 1 ? request.call : {},
      changes: operation.operation === "mutation",
      onReplay: () => undefined,
    }),
    told: tellerOf(platform),
  };
}
