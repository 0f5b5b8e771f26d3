import { execute } from "graphql";
import type { Actor } from "#src/kernel/actor.ts";
import type { Platform } from "#src/platform.ts";
import type { GraphqlHappening, GraphqlOperation } from "#src/realtime/index.ts";
import { tellerOf } from "./admitted.ts";
import type { GraphqlContext } from "./context.ts";
import { prepare } from "./prepare.ts";
import { schema } from "./schema.ts";
import type { SourceFrame } from "./subscriptions/sources.ts";

/**
 * What a subscription tells of each of several happenings, as JSON: its operation is carried out anew for each, with the
 * rights that its caller has and with things as they are. It was counted when it began.
 */
export async function tellGraphql(
  platform: Platform,
  actor: Actor,
  { document: query, name: operationName, variables }: GraphqlOperation,
  happenings: readonly GraphqlHappening[],
): Promise<string[]> {
  const told = tellerOf(platform);
  const prepared = prepare({ query, operationName, variables });
  const contextOf = (): GraphqlContext => ({
    platform: { ...platform, limits: undefined },
    actor,
    call: {},
    changes: false,
    onReplay: () => undefined,
  });
  const results: string[] = [];
  for (const { seq, event, entity_id: entityId, timestamp: at, data } of happenings) {
    const rootValue: SourceFrame = {
      type: "event",
      id: undefined,
      happening: { seq, event, entityId, at, data },
    };
    // A document that fitted the schema when its subscription began may fit it no longer.
    const result = Array.isArray(prepared)
      ? { errors: prepared }
      : await execute({
          schema,
          document: prepared.document,
          operationName,
          variableValues: variables,
          rootValue,
          contextValue: contextOf(),
        });
    results.push(JSON.stringify(told(result, { seq })));
  }
  return results;
}
