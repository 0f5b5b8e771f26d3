/** The door of `memory`: what other rooms may import of it. */
export { memoryOwnerSchema } from "./memory-owner.ts";
export { ownerKey } from "./owner-key.ts";
export { type Candidate, rankMemories } from "./rank-memories.ts";
export {
  effectivenessOf,
  learnedFrom,
  patternOf,
  reasoningPattern,
  subjectOf,
  useful,
} from "./reasoning-patterns.ts";
export {
  createMemorySchema,
  foundMemoriesSchema,
  memoryListSchema,
  memorySchema,
  memoryTypeSchema,
  searchMemoriesQuery,
  updateMemorySchema,
} from "./schemas.ts";
export type { SemanticIndex } from "./semantic-index.ts";
export { type VectorBindings, vectorizeIndex } from "./vectorize-index.ts";
export { memoryView } from "./views.ts";
export { fullTextQuery, indexedText, novelty } from "./words.ts";
