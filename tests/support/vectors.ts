import type { VectorBindings } from "#src/memory/vectorize-index.ts";

/** Words that mean the same: each is a direction of its own. */
const meanings = [
  ["tea", "oolong", "sencha", "beverage"],
  ["car", "automobile", "vehicle"],
  ["dog", "hound", "puppy"],
];

const vectorOf = (text: string): number[] =>
  meanings.map((words) => words.filter((word) => text.toLowerCase().includes(word)).length);

const cosine = (a: readonly number[], b: readonly number[]): number => {
  const dot = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
  const length = (of: readonly number[]) => Math.hypot(...of);
  return dot === 0 ? 0 : dot / (length(a) * length(b));
};

interface Entry {
  id: string;
  namespace?: string;
  values: readonly number[];
}

/**
 * Workers AI and Vectorize in memory: neither runs locally. Only what `VectorBindings` names is there, and that
 * behaves as the real one does; `fail` says what goes wrong.
 */
export function vectorsInMemory() {
  const entries = new Map<string, Entry>();
  const asked: string[] = [];
  const state: { fail: (texts: readonly string[]) => "error" | "silence" | undefined } = {
    fail: () => undefined,
  };
  const bindings: VectorBindings = {
    AI: {
      async run(model, { text }) {
        asked.push(...text.map((one) => `${model}: ${one}`));
        const failure = state.fail(text);
        if (failure === "error") throw new Error("AI is out of order");
        if (failure === "silence") await new Promise(() => {});
        return { data: text.map(vectorOf) };
      },
    },
    MEMORY_VECTORS: {
      async upsert(vectors) {
        for (const { id, namespace, values } of vectors) {
          if (new TextEncoder().encode(id).byteLength > 64) throw new Error("VECTOR_ID_TOO_LONG");
          entries.set(id, { id, namespace, values: [...values] });
        }
        return { mutationId: "m" };
      },
      async query(vector, { namespace, topK = 5 } = {}) {
        const matches = [...entries.values()]
          .filter((entry) => entry.namespace === namespace)
          .map(({ id, values }) => ({ id, score: cosine([...vector], values) }))
          .sort((a, b) => b.score - a.score)
          .slice(0, topK);
        return { matches, count: matches.length };
      },
      async deleteByIds(ids) {
        for (const id of ids) entries.delete(id);
        return { mutationId: "m" };
      },
    },
  };
  return { bindings, entries, asked, state };
}
