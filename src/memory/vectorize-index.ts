import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import type { MemoryOwner } from "#src/objects/memory.ts";
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

/** Where somebody's memories are: of the instance itself under its id, as before memories had owners; else by a digest. */
const placeOf = (instanceId: string, owner: MemoryOwner): string =>
  owner === "shared" || owner === "owner"
    ? instanceId
    : cutText(bytesToHex(sha256(utf8ToBytes(`${instanceId}/${owner}`))), 40);

/**
 * Memories by meaning in a Vectorize index: a namespace for each persona instance and owner, and each model that reads for
 * them.
 */
export function vectorizeIndex({ AI, MEMORY_VECTORS }: VectorBindings, clientId: string): SemanticIndex {
  const embed = async (model: EmbeddingModel, texts: readonly string[]): Promise<number[][]> =>
    embeddingsSchema.parse(await AI.run(model, { text: texts.map((text) => cutText(text, maxCharacters)) }))
      .data;
  // A vector id holds at most 64 bytes, and so does a namespace.
  const vectorId = (instanceId: string, id: number): string => `${instanceId}:${id}`;
  const namespaceOf = (instanceId: string, owner: MemoryOwner, model: EmbeddingModel): string => {
    const index = embeddingModels.indexOf(model);
    const place = placeOf(instanceId, owner);
    return index === 0 ? place : `${place}:${index}`;
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
          own.flatMap(({ id, instanceId, owner }, index) => {
            const values = vectors[index];
            if (!values) return [];
            const namespace = namespaceOf(instanceId, owner, model);
            return [{ id: vectorId(instanceId, id), namespace, values, metadata: { client_id: clientId } }];
          }),
        );
      }
    },
    async remove(memories) {
      await MEMORY_VECTORS.deleteByIds(memories.map(({ id, instanceId }) => vectorId(instanceId, id)));
    },
    async nearest({ instanceId, owners, text, limit, embeddingModel }) {
      const model = embeddingModelOf(embeddingModel);
      const [vector] = await embed(model, [text]);
      if (!vector) return [];
      const namespaces = new Set(owners.map((owner) => namespaceOf(instanceId, owner, model)));
      const found = await Promise.all(
        [...namespaces].map((namespace) => MEMORY_VECTORS.query(vector, { namespace, topK: limit })),
      );
      return found
        .flatMap(({ matches }) => matches)
        .map(({ id, score }) => ({ id: Number(afterLast(id, ":")), similarity: score }));
    },
  };
}
