import type { Transcript } from "#src/engine/tool-loop/transcript.ts";
import type { ConsentsApi } from "#src/objects/consents-api.ts";
import type { ReadPersonsApi } from "#src/objects/insights-contract.ts";
import { maxFactLength } from "#src/objects/profile-parts.ts";
import type { LearntFacts, ProfilesApi } from "#src/objects/profiles-api.ts";
import type { RecommendationsApi } from "#src/objects/recommendations-api.ts";
import type { TurnContext } from "#src/objects/turn-contract.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { TaskWork } from "#src/tasks/index.ts";
import { cutText } from "#src/text/cut-text.ts";
import { readSaid } from "../turn-messages.ts";

/** What is known of persons of a task's tenant. */
export type Persons = Pick<
  ProfilesApi & RecommendationsApi & ConsentsApi & ReadPersonsApi,
  "describePerson" | "learnFacts" | "recommend" | "consentsOf" | "noteInsights"
>;

type Told = Pick<TurnContext, "personalisation" | "person" | "messages">;

/** What the model is told of whom it talks with; an answer without it is poorer, and an answer. */
export async function describedPerson(
  { logger }: Pick<TaskWork, "logger">,
  persons: () => Persons,
  { personalisation: how, person, messages }: Told,
): Promise<string | null> {
  if (how === "off") return null;
  const text = messages.findLast(({ role }) => role === "user")?.content ?? "";
  try {
    return await persons().describePerson({ personId: person.id, how, text });
  } catch (error) {
    logger.warn("a turn was not told of its person", errorFields(error));
    return null;
  }
}

/** How sure a model is that says that something is worth knowing. */
const confidence = 0.8;

/** What a turn has kept by the tool `remember`, each under an id that is the same whenever the turn is tried again. */
export const learntIn = (
  { rounds }: Transcript,
  { turnId, conversationId, messageId }: Pick<TurnContext, "turnId" | "conversationId" | "messageId">,
): LearntFacts["facts"] =>
  rounds.flatMap(({ answer, results }, round) => {
    const done = new Set(results.filter(({ isError }) => !isError).map(({ id }) => id));
    return readSaid(answer).flatMap((block, index) => {
      if (block.type !== "tool_call" || block.name !== "remember" || !done.has(block.id)) return [];
      const text = contentOf(block.input);
      return text === ""
        ? []
        : [{ id: `${turnId}.${round}.${index}`, text, conversationId, messageId, confidence }];
    });
  });

const contentOf = (input: unknown): string =>
  typeof input === "object" && input !== null && "content" in input && typeof input.content === "string"
    ? cutText(input.content.trim(), maxFactLength)
    : "";

/** Hands over what a turn has learnt of its person, who may have agreed to that or not. */
export async function learn(
  { logger }: Pick<TaskWork, "logger">,
  persons: () => Persons,
  transcript: Transcript,
  context: TurnContext,
): Promise<void> {
  const facts = context.personalisation === "off" ? [] : learntIn(transcript, context);
  if (facts.length === 0) return;
  try {
    await persons().learnFacts({ personId: context.person.id, facts });
  } catch (error) {
    logger.warn("what a turn has learnt was not kept", errorFields(error));
  }
}
