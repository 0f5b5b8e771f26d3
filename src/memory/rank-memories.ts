import type { Memory, RankedMemory } from "#src/objects/memory.ts";

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

/** What the best of some candidates has; 0 when none was found that way. */
const bestOf = (values: readonly (number | null)[]): number =>
  Math.max(0, ...values.map((value) => value ?? 0));

/**
 * Blends relevance with recency: best first, scores from 0 to 1. Relevance is what text and meaning say, each relative
 * to its best candidate and in equal parts, so that what fits by both is in front; what found nothing has no say.
 * @param now epoch milliseconds
 */
export function rankMemories(candidates: readonly Candidate[], now: number): RankedMemory[] {
  const bestText = bestOf(candidates.map(({ text }) => text));
  const bestMeaning = bestOf(candidates.map(({ meaning }) => meaning));
  const ways = Math.max(1, Number(bestText > 0) + Number(bestMeaning > 0));
  return candidates
    .map(({ memory, text, meaning }) => {
      const byText = bestText > 0 ? (text ?? 0) / bestText : 0;
      const byMeaning = bestMeaning > 0 ? (meaning ?? 0) / bestMeaning : 0;
      const relevance = Math.max(0, byText + byMeaning) / ways;
      const recency = 0.5 ** (Math.max(0, now - memory.createdAt) / halfLifeMs);
      return { ...memory, score: (1 - recencyShare) * relevance + recencyShare * recency };
    })
    .sort((a, b) => b.score - a.score || b.id - a.id);
}
