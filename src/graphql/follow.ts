import { createSourceEventStream, type ExecutionResult, execute, GraphQLError } from "graphql";
import { z } from "zod";
import type { Actor } from "#src/kernel/actor.ts";
import type { Platform } from "#src/platform.ts";
import { type Admitted, admitted, type Unfit } from "./admitted.ts";
import type { GraphqlRequest } from "./answer.ts";
import type { SourceFrame } from "./subscriptions/sources.ts";

/** What is told next: a result, that there is no further one, or that the connection is still there. */
export type StreamFrame =
  | { type: "next"; id: string | undefined; result: ExecutionResult }
  | { type: "complete" }
  | { type: "quiet"; id: string };

/**
 * Carries an operation out whose results are streamed (GraphQL over server-sent events, one operation a connection): a
 * subscription tells one for each event, any other operation one alone.
 * @param resumeAfter the place of the last event that was told, for who comes back
 * @throws AppError as `admitted`; what the subscription's field refuses comes as a result
 */
export async function followGraphql(
  platform: Platform,
  actor: Actor,
  request: GraphqlRequest,
  resumeAfter: string | undefined,
): Promise<AsyncGenerator<StreamFrame> | Unfit> {
  const admission = await admitted(platform, actor, request);
  return "errors" in admission ? admission : results(admission, resumeAfter);
}

async function* results(
  { prepared, of, contextOf, told }: Admitted,
  resumeAfter: string | undefined,
): AsyncGenerator<StreamFrame> {
  const { operation, measured } = prepared;
  const { cost } = measured;
  if (operation.operation !== "subscription") {
    const result = told(await execute({ ...of, contextValue: contextOf() }), { cost });
    yield { type: "next", id: undefined, result };
    return yield { type: "complete" };
  }
  const source = await createSourceEventStream({ ...of, contextValue: { ...contextOf(), resumeAfter } });
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
    yield { type: "next", id: undefined, result: told(failed(error), { cost }) };
  }
  yield { type: "complete" };
}

/** Whether a subscription has begun; what keeps it from that is a result. */
export const isStream = (
  source: AsyncIterable<unknown> | ExecutionResult,
): source is AsyncIterable<unknown> => Symbol.asyncIterator in source;

/** What keeps events from being read, or refuses them: the last that is told. */
export const failed = (error: unknown): ExecutionResult => ({
  errors: [new GraphQLError("The subscription has failed", { originalError: toError(error) })],
});

/** What the fields of subscriptions yield, which the library hands through. */
const sourceFrame = z.custom<SourceFrame>((given) => typeof given === "object" && given !== null);

const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
