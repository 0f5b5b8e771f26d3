import { z } from "zod";
import type { LoopRound, Transcript } from "#src/engine/tool-loop/transcript.ts";
import { type TurnsApi, turnInputSchema } from "#src/objects/turn-contract.ts";
import type { TaskOutcome, TaskWork } from "#src/tasks/index.ts";
import { modelOfRound, noRounds, partsOf, textBefore, usageBefore } from "./answer-rounds.ts";
import { stubbornly } from "./stubbornly.ts";
import { toolsOver } from "./turn-tools.ts";

const handoverInputSchema = turnInputSchema.extend({ reason: z.string().max(500).catch("") });

const handedOver = { handed_over: true };

/** The rounds up to the handover, which has succeeded as far as the answer tells: it is told together with that. */
function withHandover({ rounds, ...transcript }: Transcript): Transcript {
  const told = (round: LoopRound): LoopRound => ({
    ...round,
    results: round.results.map((result) =>
      result.name === "handover_to_human"
        ? { ...result, text: JSON.stringify(handedOver), isError: false }
        : result,
    ),
  });
  return {
    ...transcript,
    rounds: rounds.map((round, index) => (index === rounds.length - 1 ? told(round) : round)),
  };
}

/**
 * Carries out a turn's call for a person: what the turn has said and done until then is its answer, and the conversation
 * waits for somebody of the staff. Done twice it is done once.
 */
export async function handOver(
  { assignment }: Pick<TaskWork, "assignment">,
  conversationOf: (conversationId: string) => TurnsApi,
): Promise<TaskOutcome> {
  const { conversation_id, turn_id: turnId, epoch, reason } = handoverInputSchema.parse(assignment.input);
  const transcript = withHandover(assignment.transcript ?? noRounds);
  const key = { turnId, epoch };
  const handover = {
    ...key,
    text: textBefore(transcript).trimEnd(),
    parts: partsOf(transcript, ""),
    model: modelOfRound(transcript),
    usage: usageBefore(transcript),
    reason,
  };
  const answered = await stubbornly().execute(async () => {
    const conversation = conversationOf(conversation_id);
    await conversation.noteTools({ ...key, tools: toolsOver(transcript) });
    return conversation.handOver(handover);
  });
  return { output: answered.ok ? handedOver : { given_up: answered.code }, fuelUsed: 0 };
}
