import { createSourceEventStream, type ExecutionResult, execute, GraphQLError } from "graphql";
import type { RequestParams } from "graphql-http";
import { z } from "zod";
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
import type { SourceFrame } from "./subscriptions/sources.ts";

/** What is told next: a result, that there is no further one, or that the connection is still there. */
export type StreamFrame =
  | { type: "next"; id: string | undefined; result: ExecutionResult }
  | { type: "complete" }
  | { type: "quiet"; id: string };

/** What is wrong with a request of which nothing can be told. */
export interface Unfit {
  errors: readonly GraphQLError[];
}

/**
 * Carries an operation out whose results are streamed (GraphQL over server-sent events, one operation a connection): a
 * subscription tells one for each event, any other operation one alone.
 * @param resumeAfter the place of the last event that was told, for who comes back
 * @throws AppError `UNAUTHORIZED`; `RATE_LIMITED`; what the subscription's field refuses comes as a result
 */
export async function followGraphql(
  platform: Platform,
  actor: Actor,
  request: GraphqlRequest,
  resumeAfter: string | undefined,
): Promise<AsyncGenerator<StreamFrame> | Unfit> {
  const tell = errorTeller(platform);
  if (!isAccount(actor)) throw new AppError("UNAUTHORIZED");
  const asked = { ...request, raw: undefined, context: undefined };
  const persisted = new PersistedQueries(request.documents, platform);
  const { params, named } = await paramsOf(asked, persisted);
  // What the library says of a request that it cannot read.
  if (!("query" in params)) throw new AppError("VALIDATION_ERROR", { message: params[0] ?? undefined });
  const prepared = prepare(params);
  if (Array.isArray(prepared)) return { errors: prepared.map(tell) };
  if (prepared.operation.operation === "mutation" && request.method === "GET")
    throw new AppError("METHOD_NOT_ALLOWED", { headers: { Allow: "POST" } });
  // As one call it has been counted already.
  await platform.limits?.take(actor, "read", callsFor(prepared.measured) - 1);
  if (named) persisted.keep(named.hash, named.text, actor.userId);
  // Each event is looked at anew: what was read for the one before may be so no longer.
  const contextOf = (): GraphqlContext => ({
    platform: { ...platform, limits: undefined },
    actor,
    call: prepared.operation.selectionSet.selections.length === 1 ? request.call : {},
    changes: prepared.operation.operation === "mutation",
    resumeAfter,
    onReplay: () => undefined,
  });
  return results(prepared, params, contextOf, tell);
}

async function* results(
  { document, operation, measured }: Prepared,
  { operationName, variables }: RequestParams,
  contextOf: () => GraphqlContext,
  tell: (error: GraphQLError) => GraphQLError,
): AsyncGenerator<StreamFrame> {
  const told = ({ data, errors }: ExecutionResult, extensions: Record<string, unknown>) => ({
    ...(errors && { errors: errors.map(tell) }),
    ...(data !== undefined && { data }),
    extensions,
  });
  const of = { schema, document, operationName, variableValues: variables };
  const { cost } = measured;
  if (operation.operation !== "subscription") {
    const result = told(await execute({ ...of, contextValue: contextOf() }), { cost });
    yield { type: "next", id: undefined, result };
    return yield { type: "complete" };
  }
  const source = await createSourceEventStream({ ...of, contextValue: contextOf() });
  if (!isStream(source)) {
    yield { type: "next", id: undefined, result: told(source, { cost }) };
    return yield { type: "complete" };
  }
  try {
    for await (const given of source) {
      const frame = sourceFrame.parse(given);
      if (frame.type === "quiet") yield frame;
      else if (frame.type === "gap") {
        const { since, oldest } = frame.gap;
        yield { type: "next", id: frame.id, result: { data: null, extensions: { gap: { since, oldest } } } };
      } else {
        const result = await execute({ ...of, rootValue: frame, contextValue: contextOf() });
        yield { type: "next", id: frame.id, result: told(result, { seq: frame.happening.seq }) };
      }
    }
  } catch (error) {
    // What keeps the events from being read, or refuses them, is the last that is told.
    const refusal = new GraphQLError("The subscription has failed", { originalError: toError(error) });
    yield { type: "next", id: undefined, result: told({ errors: [refusal] }, { cost }) };
  }
  yield { type: "complete" };
}

/** Whether a subscription has begun; what keeps it from that is a result. */
const isStream = (source: AsyncIterable<unknown> | ExecutionResult): source is AsyncIterable<unknown> =>
  Symbol.asyncIterator in source;

/** What the fields of subscriptions yield, which the library hands through. */
const sourceFrame = z.custom<SourceFrame>((given) => typeof given === "object" && given !== null);

const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
