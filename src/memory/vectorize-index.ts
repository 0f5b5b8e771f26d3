import { z } from "zod";
import type { SemanticIndex } from "./semantic-index.ts";

/** What of Workers AI and Vectorize is used. */
export interface VectorBindings {
  AI: { run(model: string, input: { text: string[] }): Promise<unknown> };
  MEMORY_VECTORS: Pick<Vectorize, "upsert" | "query" | "deleteByIds">;
}

const embeddingsSchema = z.object({ data: z.array(z.array(z.number())) });
const defaultModel = "@cf/baai/bge-m3";
/** Beyond this a model reads no further anyway. */
const mostCharacters = 8000;

/** Memories by meaning in a Vectorize index, one namespace per persona instance. */
export function vectorizeIndex(
  { AI, MEMORY_VECTORS }: VectorBindings,
  clientId: string,
  model: string = defaultModel,
): SemanticIndex {
  const embed = async (texts: readonly string[]): Promise<number[][]> =>
    embeddingsSchema.parse(await AI.run(model, { text: texts.map((text) => text.slice(0, mostCharacters)) }))
      .data;
  // A vector id holds at most 64 bytes.
  const vectorId = (instanceId: string, id: number): string => `${instanceId}:${id}`;
  return {
    async put(memories) {
      const vectors = await embed(memories.map(({ content }) => content));
      await MEMORY_VECTORS.upsert(
        memories.flatMap(({ id, instanceId }, index) => {
          const values = vectors[index];
          return values
            ? [
                {
                  id: vectorId(instanceId, id),
                  namespace: instanceId,
                  values,
                  metadata: { client_id: clientId },
                },
              ]
            : [];
        }),
      );
    },
    async remove(memories) {
      await MEMORY_VECTORS.deleteByIds(memories.map(({ id, instanceId }) => vectorId(instanceId, id)));
    },
    async nearest({ instanceId, text, limit }) {
      const [vector] = await embed([text]);
      if (!vector) return [];
      const { matches } = await MEMORY_VECTORS.query(vector, { namespace: instanceId, topK: limit });
      return matches.map(({ id, score }) => ({
        id: Number(id.slice(id.lastIndexOf(":") + 1)),
        similarity: score,
      }));
    },
  };
}
