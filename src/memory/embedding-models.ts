/** Models of Workers AI whose vectors fit the one index there is (1 024 numbers each), the first unless another is asked for. */
export const embeddingModels = [
  "@cf/baai/bge-m3",
  "@cf/baai/bge-large-en-v1.5",
  "@cf/qwen/qwen3-embedding-0.6b",
] as const;
export type EmbeddingModel = (typeof embeddingModels)[number];

/** The model that a config's `embedding_model` names, by its whole name or the end of it; any other name counts as none. */
export const embeddingModelOf = (name: string | null | undefined): EmbeddingModel =>
  embeddingModels.find((model) => model === name || model.split("/").at(-1) === name) ?? embeddingModels[0];
