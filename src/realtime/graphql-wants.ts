import { z } from "zod";
import { matchesAny } from "#client/patterns.ts";
import type { PlatformEvent } from "#src/events/index.ts";

/** Which events of the tenant's log a GraphQL subscription tells of. */
export const graphqlWantsSchema = z.object({
  /** Patterns over their names. */
  events: z.array(z.string()),
  /** What they are about; anything when left out. */
  entityId: z.string().optional(),
  /** What they have to say, field by field. */
  where: z.record(z.string(), z.string()).optional(),
  /** Of a run, with whose last event it ends: whether that is still to come. Texts are told as they are written. */
  run: z.enum(["going", "over"]).optional(),
});

export type GraphqlWants = z.infer<typeof graphqlWantsSchema>;

/** Whether an event says what is wanted. */
export const saysWanted = (
  { where = {} }: Pick<GraphqlWants, "where">,
  data: PlatformEvent["data"],
): boolean => Object.entries(where).every(([field, value]) => data[field] === value);

/** Whether an event is wanted; whether it may be shown is another question. */
export const wantsEvent = (
  wants: GraphqlWants,
  { event, entity_id, data }: Pick<PlatformEvent, "event" | "entity_id" | "data">,
): boolean =>
  (wants.entityId === undefined || wants.entityId === entity_id) &&
  matchesAny(wants.events, event) &&
  saysWanted(wants, data);
