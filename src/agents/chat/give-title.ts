import { z } from "zod";
import {
  maxGivenTitle,
  type TitleContext,
  type TitlesApi,
  titleInputSchema,
} from "#src/objects/title-contract.ts";
import type { TextModels } from "#src/providers/index.ts";
import type { TaskOutcome, TaskWork } from "#src/tasks/index.ts";
import { cutGraphemes } from "#src/text/cut-text.ts";
import { agentSettings } from "../agent-settings.ts";
import { dataBlockRule, dataBlocks } from "../data-blocks.ts";
import { checkBy, toolFor } from "../reasoning/answer-forms.ts";
import { structuredAnswer } from "../structured-answer.ts";

const longestTokens = 200;

/** One line, without what stands around it. What is too long is cut: a title is worth no second call. */
const titleSchema = z.object({
  title: z
    .string()
    .transform((said) => said.replaceAll(/[\s\p{C}]+/gu, " ").replaceAll(/^[\s"'„“«*#]+|[\s"'“”»*]+$/gu, ""))
    .transform((said) => cutGraphemes(said, maxGivenTitle))
    .refine((said) => said !== "", "Nothing that can be seen")
    .describe("Two to six words, in the language of the question, without quotation marks"),
});

const system = ["You give conversations titles, by which they are found in a list.", dataBlockRule].join(
  "\n\n",
);

const instruction =
  "Say what this conversation is about. Name nobody, and leave out what is private: others may see the title over a shoulder.";

/**
 * Gives a conversation a title, from what was asked and answered first. It is the conversation's to take; the run keeps
 * whether it was.
 */
export async function giveTitle(
  task: TaskWork,
  providers: TextModels,
  conversationOf: (conversationId: string) => TitlesApi,
): Promise<TaskOutcome> {
  const { conversation_id, title_id: titleId } = titleInputSchema.parse(task.assignment.input);
  const found = await conversationOf(conversation_id).titleContext(titleId);
  if (!found.ok) return { output: { given_up: found.code }, fuelUsed: 0 };
  const { title } = await titleFor(task, providers, found.context);
  const closed = await conversationOf(conversation_id).closeTitle({ titleId, title });
  return { output: closed.ok ? { accepted: true } : { given_up: closed.code } };
}

function titleFor(task: TaskWork, providers: TextModels, { question, answer }: TitleContext) {
  const { model } = agentSettings(task.assignment, { model: providers.models.small }, providers.models);
  const tool = toolFor("name_conversation", "Names the conversation.", titleSchema);
  const user = [...dataBlocks({ question, answer }), instruction];
  return structuredAnswer(
    task,
    providers,
    { model, maxTokens: longestTokens, system, user, tool },
    checkBy(titleSchema),
  );
}
