import { z } from "zod";
import type { ToldItem } from "#src/objects/recommendations-api.ts";
import { type TurnsApi, turnInputSchema } from "#src/objects/turn-contract.ts";
import { isHeldOut } from "#src/recommendations/index.ts";
import type { TaskOutcome, TaskWork } from "#src/tasks/index.ts";
import type { Persons } from "./known-person.ts";

const inputSchema = turnInputSchema.extend({
  query: z.string().max(1000).catch(""),
  limit: z.number().int().min(1).max(5).catch(5),
});

interface World {
  conversationOf(conversationId: string): TurnsApi;
  persons(): Persons;
}

/** What a model is told of an item: as much as it needs to speak of it. */
const toldOf = ({ item, reasons }: ToldItem) => ({
  id: item.id,
  title: item.title,
  ...(item.description !== null && { description: item.description }),
  ...(item.url !== null && { url: item.url }),
  reasons: reasons.map((reason) =>
    reason.type === "because_you_liked" ? { type: reason.type, item_id: reason.itemId } : reason,
  ),
});

/**
 * Carries out a turn's call for recommendations: for whoever the conversation is with, by what they look for, and by what they liked
 * where they have agreed to that and the persona may know of it. The model is not told whether they have.
 */
export async function recommendTo(
  { assignment }: Pick<TaskWork, "assignment">,
  { conversationOf, persons }: World,
): Promise<TaskOutcome> {
  const { conversation_id, turn_id: turnId, epoch, query, limit } = inputSchema.parse(assignment.input);
  const asked = await conversationOf(conversation_id).contextOf({ turnId, epoch });
  if (!asked.ok) return { output: { given_up: asked.code }, fuelUsed: 0 };
  const { person, personalisation, holdoutPercent = 0 } = asked.context;
  const isHeld = isHeldOut(person.id, holdoutPercent);
  const { items } = await persons().recommend({
    // Who is held out to compare with gets what is popular, as by the API.
    personId: isHeld || personalisation === "off" ? null : person.id,
    limit,
    query: isHeld || query === "" ? null : query,
    language: null,
    tags: [],
    exclude: [],
    // A call that is carried out again shows the same list, which counts once.
    requestId: assignment.taskId,
  });
  return { output: { request_id: assignment.taskId, recommendations: items.map(toldOf) } };
}
