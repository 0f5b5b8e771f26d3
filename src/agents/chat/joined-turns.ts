import type { PromptMessage, SaidBlock } from "#src/providers/index.ts";

/** What a turn of the persona's says, as blocks. */
const blocksOf = (turn: PromptMessage): readonly SaidBlock[] =>
  "blocks" in turn ? turn.blocks : (turn.texts ?? []).map((text) => ({ type: "text", text }));

type WithFiles = Pick<Exclude<PromptMessage, { blocks: readonly SaidBlock[] }>, "files">;

const filesIn = (one: WithFiles, other: WithFiles): WithFiles =>
  one.files || other.files ? { files: [...(one.files ?? []), ...(other.files ?? [])] } : {};

/** Two turns of one side as one. */
function joined(one: PromptMessage, other: PromptMessage): PromptMessage | undefined {
  if (one.role !== other.role) return undefined;
  if ("answers" in other) return undefined;
  if ("answers" in one)
    return "blocks" in other
      ? undefined
      : { ...one, ...filesIn(one, other), texts: [...(one.texts ?? []), ...other.texts] };
  if ("blocks" in one || "blocks" in other)
    return { role: "assistant", blocks: [...blocksOf(one), ...blocksOf(other)] };
  return { role: one.role, ...filesIn(one, other), texts: [...one.texts, ...other.texts] };
}

/** Turns of one side that follow each other are one turn of it; what calls have come to stands at its beginning. */
export function joinedTurns(turns: readonly PromptMessage[]): PromptMessage[] {
  const result: PromptMessage[] = [];
  for (const turn of turns) {
    const last = result.at(-1);
    const both = last && joined(last, turn);
    if (both) result.splice(-1, 1, both);
    else result.push(turn);
  }
  return result;
}
