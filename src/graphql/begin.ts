import { createSourceEventStream, execute } from "graphql";
import type { Actor } from "#src/kernel/actor.ts";
import type { Platform } from "#src/platform.ts";
import type { GraphqlAsked, GraphqlBegun, GraphqlWants } from "#src/realtime/index.ts";
import { admitted } from "./admitted.ts";
import { failed, isStream } from "./follow.ts";
import { isSharedView } from "./shared-view.ts";
import { withoutStart } from "./without-start.ts";

interface Followed {
  wants: GraphqlWants;
  since: number | undefined;
}

/**
 * Carries an operation out for a socket. Of a subscription it says what it follows: the socket's hub reads the log, and
 * has each event told (`tellGraphql`).
 * @param documents where documents are kept that are named by their hash
 * @throws AppError as `admitted`
 */
export async function beginGraphql(
  platform: Platform,
  actor: Actor,
  asked: GraphqlAsked,
  documents: KVNamespace,
): Promise<GraphqlBegun> {
  const headers = new Headers({ "content-type": "application/json" });
  const request = { method: "POST", url: "http://hub/graphql", headers, body: JSON.stringify(asked) };
  const admission = await admitted(platform, actor, { ...request, call: {}, documents });
  if ("errors" in admission) return { kind: "errors", errors: JSON.stringify(admission.errors) };
  const { prepared, query, of, contextOf, told } = admission;
  const { document, operation, measured } = prepared;
  const result = (of: Parameters<typeof told>[0]): GraphqlBegun => ({
    kind: "result",
    result: JSON.stringify(told(of, { cost: measured.cost })),
  });
  if (operation.operation !== "subscription")
    return result(await execute({ ...of, contextValue: contextOf() }));
  const followed: Followed[] = [];
  const follow = (wants: GraphqlWants, since: number | undefined) => void followed.push({ wants, since });
  const source = await createSourceEventStream({ ...of, contextValue: { ...contextOf(), follow } });
  if (!isStream(source)) return result(source);
  try {
    // It says what it follows, and ends.
    for await (const _ of source) break;
  } catch (error) {
    return result(failed(error));
  }
  const [first] = followed;
  if (!first) return result(failed(new Error("A subscription did not say what it follows")));
  const { operationName } = asked;
  const variables = withoutStart(document, operation, asked.variables ?? undefined);
  return {
    kind: "follow",
    ...first,
    isShared: isSharedView(document),
    operation: { document: query, name: operationName ?? undefined, variables },
  };
}
