import { z } from "zod";
import { afterLast, cutText } from "#src/text/cut-text.ts";
import { type EmbeddingModel, embeddingModelOf, embeddingModels } from "./embedding-models.ts";
import type { SemanticIndex } from "./semantic-index.ts";

/** What of Workers AI and Vectorize is used. */
export interface VectorBindings {
  AI: { run(model: string, input: { text: string[] }): Promise<unknown> };
  MEMORY_VECTORS: Pick<Vectorize, "upsert" | "query" | "deleteByIds">;
}

const embeddingsSchema = z.object({ data: z.array(z.array(z.number())) });
/** Beyond this a model reads no further anyway. */
const maxCharacters = 8000;

/** Memories by meaning in a Vectorize index: a namespace for each persona instance, and each model that reads for it. */
export function vectorizeIndex({ AI, MEMORY_VECTORS }: VectorBindings, clientId: string): SemanticIndex {
  const embed = async (model: EmbeddingModel, texts: readonly string[]): Promise<number[][]> =>
    embeddingsSchema.parse(await AI.run(model, { text: texts.map((text) => cutText(text, maxCharacters)) }))
      .data;
  // A vector id holds at most 64 bytes, and so does a namespace.
  const vectorId = (instanceId: string, id: number): string => `${instanceId}:${id}`;
  const namespaceOf = (instanceId: string, model: EmbeddingModel): string => {
    const index = embeddingModels.indexOf(model);
    return index === 0 ? instanceId : `${instanceId}:${index}`;
  };
  return {
    async put(memories) {
      for (const model of embeddingModels) {
        const own = memories.filter(({ embeddingModel }) => embeddingModelOf(embeddingModel) === model);
        if (own.length === 0) continue;
        const vectors = await embed(
          model,
          own.map(({ content }) => content),
        );
        await MEMORY_VECTORS.upsert(
          own.flatMap(({ id, instanceId }, index) => {
            const values = vectors[index];
            if (!values) return [];
            const namespace = namespaceOf(instanceId, model);
            return [{ id: vectorId(instanceId, id), namespace, values, metadata: { client_id: clientId } }];
          }),
        );
      }
    },
    async remove(memories) {
      await MEMORY_VECTORS.deleteByIds(memories.map(({ id, instanceId }) => vectorId(instanceId, id)));
    },
    async nearest({ instanceId, text, limit, embeddingModel }) {
      const model = embeddingModelOf(embeddingModel);
      const [vector] = await embed(model, [text]);
      if (!vector) return [];
      const namespace = namespaceOf(instanceId, model);
      const { matches } = await MEMORY_VECTORS.query(vector, { namespace, topK: limit });
      return matches.map(({ id, score }) => ({
        id: Number(afterLast(id, ":")),
        similarity: score,
      }));
    },
  };
}
