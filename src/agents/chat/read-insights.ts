import { z } from "zod";
import {
  type InsightsApi,
  type InsightsContext,
  insightsInputSchema,
} from "#src/objects/insights-contract.ts";
import { maxFactLength } from "#src/objects/profile-parts.ts";
import type { TextModels } from "#src/providers/index.ts";
import type { TaskOutcome, TaskWork } from "#src/tasks/index.ts";
import { cutText } from "#src/text/cut-text.ts";
import { agentSettings } from "../agent-settings.ts";
import { dataBlock, dataBlockRule } from "../data-blocks.ts";
import { checkBy, toolFor } from "../reasoning/answer-forms.ts";
import { structuredAnswer } from "../structured-answer.ts";
import type { Persons } from "./known-person.ts";

const text = (max: number) =>
  z
    .string()
    .trim()
    .transform((said) => cutText(said, max));
const texts = (max: number) =>
  z.array(z.string()).transform((said) =>
    said
      .map((one) => cutText(one.trim(), max))
      .filter((one) => one !== "")
      .slice(0, 5),
  );

/** What a reading answers; it is also the model's tool. What is too long is cut: a reading is worth no second call. */
const readSchema = z.object({
  sentiment: z.number().min(-1).max(1).describe("How they seem to feel, from -1 to 1"),
  language: z
    .string()
    .nullable()
    .catch(null)
    .describe("Which language they write, as in `en` or `de`; null where that cannot be told"),
  topics: texts(50).describe("What it is about, in at most five topics of one or two words in English"),
  wants_human: z.boolean().describe("Whether they want to talk with a person instead of an assistant"),
  summary: text(500).describe("What they are about, in one or two sentences"),
  facts: texts(maxFactLength).describe(
    "What they say of themselves that will hold next month; mostly nothing",
  ),
});

const isLanguage = /^[a-z]{2,3}$/;

const system = [
  "You read what a person writes to an assistant, for figures and to know them better. You do not answer them.",
  dataBlockRule,
].join("\n\n");

const instruction =
  "Say how they seem to feel, what it is about, and what they say of themselves. Leave out whatever is about health, religion, " +
  "politics, sexuality, ethnic origin, union membership, means of payment or secrets. Say nothing that they have not said.";

interface World {
  providers: TextModels;
  conversationOf(conversationId: string): InsightsApi;
  persons(): Persons;
}

const longestTokens = 1000;

/**
 * Reads what a person has said since the last time, if they agree to that. What comes of it is kept where they may take it
 * back, and nowhere else; the run keeps only whether it was.
 */
export async function readInsights(task: TaskWork, world: World): Promise<TaskOutcome> {
  const { conversation_id, insights_id: insightsId } = insightsInputSchema.parse(task.assignment.input);
  const conversation = () => world.conversationOf(conversation_id);
  const found = await conversation().insightsContext(insightsId);
  if (!found.ok) return { output: { given_up: found.code }, fuelUsed: 0 };
  const { context } = found;
  const newest = context.messages.at(-1);
  const { insights: agreed } = await world.persons().consentsOf(context.person.id);
  if (!newest || !agreed.granted) return { output: { given_up: "NOT_AGREED" }, fuelUsed: 0 };
  const { sentiment, language, topics, wants_human, summary, facts } = await read(
    task,
    world.providers,
    context,
  );
  const { accepted } = await world.persons().noteInsights({
    personId: context.person.id,
    id: insightsId,
    conversationId: conversation_id,
    messageId: newest.id,
    instanceId: context.instanceId,
    sentiment,
    language: language !== null && isLanguage.test(language) ? language : null,
    topics,
    summary,
    facts: context.learns ? facts : [],
  });
  if (accepted) await conversation().closeInsights({ insightsId, sentiment, wantsHuman: wants_human });
  return { output: { accepted } };
}

function read(task: TaskWork, providers: TextModels, { messages }: Pick<InsightsContext, "messages">) {
  const { assignment } = task;
  const { model } = agentSettings(assignment, { model: providers.models.small }, providers.models);
  const tool = toolFor("note_insights", "Notes what was read out of the messages.", readSchema);
  const said = dataBlock("messages", messages.map(({ content }) => content).join("\n\n"));
  return structuredAnswer(
    task,
    providers,
    { model, maxTokens: longestTokens, system, user: [said, instruction], tool },
    checkBy(readSchema),
  );
}
