/** What an option got for each factor, from 0 to 1. */
export interface ScoredOption {
  id: string;
  scores: Readonly<Record<string, number>>;
  /** Constraints that it breaks; such an option cannot be chosen. */
  violatedConstraints: readonly string[];
}

export interface RankedOption extends ScoredOption {
  /** Weighted mean of its scores, from 0 to 1. */
  total: number;
  eligible: boolean;
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Weights that add up to 1, equal ones when none are given; undefined when they cannot be normalised. */
export function normalisedWeights(
  factors: readonly string[],
  weights: Readonly<Record<string, number>> | undefined,
): Record<string, number> | undefined {
  if (!weights) return Object.fromEntries(factors.map((factor) => [factor, 1 / factors.length]));
  const sum = factors.reduce((total, factor) => total + (weights[factor] ?? 0), 0);
  if (!Number.isFinite(sum) || sum <= 0) return undefined;
  return Object.fromEntries(factors.map((factor) => [factor, (weights[factor] ?? 0) / sum]));
}

/** Options by their weighted totals, best first; those that break a constraint come last. Equal ones keep their order. */
export function rankOptions<T extends ScoredOption>(
  options: readonly T[],
  weights: Readonly<Record<string, number>>,
): (T & RankedOption)[] {
  return options
    .map((option) => ({
      ...option,
      total: round(
        Object.entries(weights).reduce(
          (total, [factor, weight]) => total + weight * (option.scores[factor] ?? 0),
          0,
        ),
      ),
      eligible: option.violatedConstraints.length === 0,
    }))
    .sort((a, b) => Number(b.eligible) - Number(a.eligible) || b.total - a.total);
}
