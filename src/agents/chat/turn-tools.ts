import type { Transcript } from "#src/engine/tool-loop/transcript.ts";
import type { TurnTools } from "#src/objects/turn-contract.ts";
import type { Generation } from "#src/providers/index.ts";

type ToolNews = TurnTools["tools"];

const callOf = (turn: number, index: number): string => `${turn}.${index}`;

/** The calls that an answer asks for, of tools that there are: they begin now. */
export const toolsBegun = ({ turn, tools }: Transcript, { calls }: Pick<Generation, "calls">): ToolNews =>
  calls.flatMap(({ name }, index) =>
    tools.some((tool) => tool.name === name)
      ? [{ call: callOf(turn, index), tool: name, status: "running" as const }]
      : [],
  );

/** What the calls of the round before have come to. */
export const toolsOver = ({ turn, tools, rounds }: Transcript): ToolNews =>
  (rounds.at(-1)?.results ?? []).flatMap(({ name, isError }, index) =>
    tools.some((tool) => tool.name === name)
      ? [
          {
            call: callOf(turn - 1, index),
            tool: name,
            status: isError ? ("failed" as const) : ("done" as const),
          },
        ]
      : [],
  );
