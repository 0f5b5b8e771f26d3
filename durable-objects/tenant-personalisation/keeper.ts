import type { Purpose } from "#src/kernel/personalisation-words.ts";

/** Who keeps something of persons. What it does here is part of somebody else's transaction. */
export interface Keeper {
  /** Lets go of what is kept of a person under a purpose, which they have said no to. */
  withdraw(personId: string, purpose: Purpose, now: number): void;
  /** Lets go of everything that is kept of a person. */
  erase(personId: string, now: number): void;
  /** All that is kept of a person, by names of its own. */
  dataOf(personId: string, now: number): Record<string, unknown>;
}
