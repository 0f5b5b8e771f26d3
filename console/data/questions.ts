import type { components } from "#client/index.ts";

export type Approval = components["schemas"]["Approval"];

/** What tells one question from another. */
export const keyOf = ({ correlation_id, step }: Pick<Approval, "correlation_id" | "step">): string =>
  `${correlation_id} ${step}`;

/** What is asked, as a sentence or at least as a name. */
export function questionOf({ description, review, step }: Pick<Approval, "description" | "review" | "step">) {
  if (description !== "") return description;
  const tool = typeof review === "object" && review !== null && "tool" in review ? review.tool : undefined;
  return typeof tool === "string" ? `May it use ${tool}?` : step;
}

/** Those of some questions that answer themselves before the day is over. */
export function endingToday(approvals: readonly Approval[], now: Date): Approval[] {
  const end = new Date(now).setHours(24, 0, 0, 0);
  return approvals.filter(({ expires_at }) => expires_at !== null && Date.parse(expires_at) < end);
}
