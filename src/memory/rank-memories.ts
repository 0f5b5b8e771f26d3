import type { Memory, RankedMemory } from "./memory.ts";

/** A candidate with what each way of searching says about it; higher fits better, null when it was not found that way. */
export interface Candidate {
  memory: Memory;
  /** BM25 as FTS5 gives it, with the sign turned. */
  text: number | null;
  /** Cosine similarity. */
  meaning: number | null;
}

/** Age in which recency halves. */
const halfLifeMs = 30 * 86_400_000;
/** How much recency counts beside relevance. */
const recencyShare = 0.2;

/**
 * Blends relevance with recency: best first, scores from 0 to 1. Relevance is
 * the better of what text and meaning say, each relative to its best candidate.
 * @param now epoch milliseconds
 */
export function rankMemories(candidates: readonly Candidate[], now: number): RankedMemory[] {
  const bestText = Math.max(...candidates.map(({ text }) => text ?? 0), Number.MIN_VALUE);
  const bestMeaning = Math.max(...candidates.map(({ meaning }) => meaning ?? 0), Number.MIN_VALUE);
  return candidates
    .map(({ memory, text, meaning }) => {
      const relevance = Math.max((text ?? 0) / bestText, (meaning ?? 0) / bestMeaning);
      const recency = 0.5 ** (Math.max(0, now - memory.createdAt) / halfLifeMs);
      return { ...memory, score: (1 - recencyShare) * relevance + recencyShare * recency };
    })
    .sort((a, b) => b.score - a.score || b.id - a.id);
}
