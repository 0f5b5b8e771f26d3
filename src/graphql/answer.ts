import { Kind, type OperationDefinitionNode } from "graphql";
import { type Response as Answer, createHandler, type RequestParams } from "graphql-http";
import { type Actor, isAccount } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Call } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import type { GraphqlContext } from "./context.ts";
import { errorTeller } from "./errors.ts";
import { callsFor } from "./limits.ts";
import { PersistedQueries } from "./persisted-queries.ts";
import { prepare } from "./prepare.ts";
import { paramsOf } from "./request-params.ts";
import { schema } from "./schema.ts";

/** A request as it came in. */
export interface GraphqlRequest {
  method: string;
  url: string;
  headers: Pick<Headers, "get">;
  /** Its body, where it has one; read already where it came as a form, with the files in it. */
  body: string | Record<string, unknown> | null;
  /** What goes with the change that it asks for, where that is one alone. */
  call: Call;
  /** Where documents are kept that are named by their hash. */
  documents: KVNamespace;
}

/**
 * Answers a request, as GraphQL over HTTP has it (`graphql-http`). Nothing of it is done unless all of it is understood,
 * within the limits, and counted against those of its caller.
 * @throws AppError `UNAUTHORIZED` for a visitor who asks for anything; `RATE_LIMITED`
 */
export async function answerGraphql(
  platform: Platform,
  actor: Actor,
  request: GraphqlRequest,
): Promise<{ answer: Answer; cost: number | undefined; replayed: boolean }> {
  let cost: number | undefined;
  let replayed = false;
  let named: { hash: string; text: string } | undefined;
  const persisted = isAccount(actor) ? new PersistedQueries(request.documents, platform) : undefined;
  const onSubscribe = async (_request: unknown, params: RequestParams) => {
    const prepared = prepare(params);
    if (Array.isArray(prepared)) return prepared;
    const { document, operation, measured } = prepared;
    if (actor.kind === "visitor" && !isOpen(operation, platform)) throw new AppError("UNAUTHORIZED");
    // As one call it has been counted already.
    await platform.limits?.take(actor, "read", callsFor(measured) - 1);
    if (named && isAccount(actor)) persisted?.keep(named.hash, named.text, actor.userId);
    cost = measured.cost;
    const contextValue: GraphqlContext = {
      platform: { ...platform, limits: undefined },
      actor,
      call: operation.selectionSet.selections.length === 1 ? request.call : {},
      changes: operation.operation === "mutation",
      onReplay: () => {
        replayed = true;
      },
    };
    const { operationName, variables } = params;
    return { schema, document, operationName, variableValues: variables, contextValue };
  };
  const handler = createHandler<undefined, undefined, GraphqlContext>({
    parseRequestParams: async (asked) => {
      const read = await paramsOf(asked, persisted);
      named = read.named;
      return read.params;
    },
    onSubscribe,
    onOperation: (_request, _args, result) => ({ ...result, extensions: { cost } }),
    formatError: errorTeller(platform),
  });
  const { method, url, headers, body } = request;
  const answer = await handler({ method, url, headers, body, raw: undefined, context: undefined });
  return { answer, cost, replayed };
}

/** Whether an operation is for anybody: nothing but that there is an answer, and the schema in development. */
function isOpen({ operation, selectionSet }: OperationDefinitionNode, { settings }: Platform): boolean {
  const isDevelopment = settings.ENVIRONMENT === "development";
  const open = isDevelopment ? ["__typename", "__schema", "__type"] : ["__typename"];
  return (
    operation === "query" &&
    selectionSet.selections.every((each) => each.kind === Kind.FIELD && open.includes(each.name.value))
  );
}
