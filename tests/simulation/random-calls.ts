import type { Transcript } from "#src/engine/tool-loop/transcript.ts";
import type { Chance } from "./chance.ts";

/** What a model may ask for: mostly what it was offered, now and then what it was not, or in a form that nobody can read. */
export function randomCalls(chance: Chance, { tools, isLast }: Transcript) {
  const count = isLast || chance.happens(0.4) ? 0 : chance.pick([1, 1, 2, 3, 9]);
  const names = ["format_disk", "remember", ...tools.map(({ name }) => name)] as const;
  return Array.from({ length: count }, (_, index) => ({
    id: `call${index}`,
    name: chance.pick(names),
    input: chance.happens(0.9)
      ? { query: "tea", prompt: `tea ${index}`, content: "tea" }
      : chance.pick(["cut o", "", "{"]),
  }));
}
