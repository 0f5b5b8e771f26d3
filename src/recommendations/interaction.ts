import type { InteractionType } from "#src/kernel/recommendation-words.ts";

/** What is learnt of an interaction. */
export interface Interaction {
  type: InteractionType;
  value: number | null;
  /** Epoch milliseconds. */
  at: number;
}

const goodRating = 0.7;
const longClickSeconds = 30;

/** Whether somebody shows by it that they like the item. */
export function isPositive({ type, value }: Pick<Interaction, "type" | "value">): boolean {
  if (type === "rate") return (value ?? 0) >= goodRating;
  if (type === "click") return (value ?? 0) >= longClickSeconds;
  return type === "like" || type === "purchase";
}
