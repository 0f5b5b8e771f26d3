/** Whether a call has written nothing: it was refused, or it was a report that came too late. */
export const cameToNothing = (outcome: unknown): boolean =>
  typeof outcome === "object" &&
  outcome !== null &&
  (("ok" in outcome && outcome.ok === false) || ("applied" in outcome && outcome.applied === false));
