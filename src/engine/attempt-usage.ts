import { z } from "zod";
import {
  figuresSince,
  noFigures,
  plusFigures,
  type UsageFigures,
  usageFiguresSchema,
} from "./usage-figures.ts";

/** What finished attempts of a run's tasks have used, by step, agent type and model (`kindOfAttempts`). */
export const attemptUsageSchema = z.record(z.string(), usageFiguresSchema);
export type AttemptUsage = Readonly<z.infer<typeof attemptUsageSchema>>;

/** Kinds of attempts that a run tells apart; those of further ones count by their agent type alone. */
const maxKinds = 100;

const kindSchema = z.tuple([z.string().nullable(), z.string(), z.string().nullable()]);

/** Attempts of one step, carried out by an agent type with a model; null where they are not told apart, or had none. */
export interface AttemptKind {
  step: string | null;
  agentType: string;
  model: string | null;
}

export const kindOfAttempts = ({ step, agentType, model }: AttemptKind): string =>
  JSON.stringify([step, agentType, model]);

export function readKind(kind: string): AttemptKind {
  const [step, agentType, model] = kindSchema.parse(JSON.parse(kind));
  return { step, agentType, model };
}

/** Both together. */
export function plusUsage(usage: AttemptUsage, more: AttemptUsage): AttemptUsage {
  const sum: Record<string, UsageFigures> = { ...usage };
  let kinds = Object.keys(sum).length;
  for (const [kind, figures] of Object.entries(more)) {
    const isToldApart = sum[kind] !== undefined || kinds < maxKinds;
    const at = isToldApart ? kind : kindOfAttempts({ ...readKind(kind), step: null, model: null });
    if (sum[at] === undefined) kinds++;
    sum[at] = plusFigures(sum[at] ?? noFigures, figures);
  }
  return sum;
}

/** What has come to it; undefined for nothing. */
export function usageSince(before: AttemptUsage, after: AttemptUsage): AttemptUsage | undefined {
  const grown = Object.entries(after).flatMap(([kind, figures]) => {
    const news = figuresSince(before[kind] ?? noFigures, figures);
    return news.count > 0 ? [[kind, news] as const] : [];
  });
  return grown.length > 0 ? Object.fromEntries(grown) : undefined;
}
