/** Somebody of the staff who is there. */
export interface PresentStaff {
  id: string;
  /** Conversations that they hold and that have not ended. */
  open: number;
  /** When something last moved in one of theirs, in epoch milliseconds; 0 where they never had one. */
  lastAt: number;
}

/**
 * Who is given the next conversation: who has the fewest open ones; of several, who has had none for the longest, so that
 * they take turns.
 * @param leftBy who has let go of it: it is not given to them again
 */
export function nextHolder(
  present: readonly PresentStaff[],
  leftBy: string | null = null,
): string | undefined {
  const [next] = present
    .filter(({ id }) => id !== leftBy)
    .toSorted((a, b) => a.open - b.open || a.lastAt - b.lastAt || (a.id < b.id ? -1 : 1));
  return next?.id;
}

/** The staff once somebody of them was given a conversation. */
export const withGiven = (present: readonly PresentStaff[], to: string, lastAt: number): PresentStaff[] =>
  present.map((one) => (one.id === to ? { ...one, open: one.open + 1, lastAt } : one));
