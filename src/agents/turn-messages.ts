import { z } from "zod";
import type { LoopRound, Transcript } from "#src/engine/tool-loop/transcript.ts";
import type { Generation, GenerationRequest, PromptMessage } from "#src/providers/index.ts";
import { dataBlock } from "./data-blocks.ts";

/** What an agent has put down of an answer with calls of tools, as it reads it again in a later turn. */
const saidSchema = z.object({
  blocks: z.array(
    z.discriminatedUnion("type", [
      z.object({ type: z.literal("text"), text: z.string() }),
      z.object({ type: z.literal("tool_call"), id: z.string(), name: z.string(), input: z.unknown() }),
      z.object({ type: z.literal("opaque"), block: z.record(z.string(), z.unknown()) }),
    ]),
  ),
});

/** What a model has said in a turn that is over. */
export const readSaid = (answer: Record<string, unknown>) => saidSchema.parse(answer).blocks;

/** A turn that is over, as the model is told it: what it said, and what its calls have come to, which is data. */
const messagesOf = ({ answer, results }: LoopRound): PromptMessage[] => [
  { role: "assistant", blocks: readSaid(answer) },
  {
    role: "user",
    answers: results.map(({ id, name, text, isError }) => ({
      callId: id,
      text: dataBlock(name, text),
      isError,
    })),
  },
];

/** The turns before one, and what its model may ask for. */
export const turnMessages = ({ rounds }: Transcript): PromptMessage[] => rounds.flatMap(messagesOf);

/** What the model may ask for in a turn. In the last it is told its tools, which it has used, but may not call them. */
export const turnTools = ({ tools, isLast }: Transcript): Pick<GenerationRequest, "tools" | "calls"> => ({
  tools,
  calls: isLast ? "none" : "many",
});

/** What is put down of an answer: the calls are the loop's to read, the blocks are for the next turn. */
export const turnOutput = ({ calls, blocks }: Generation) => ({ calls, blocks });
