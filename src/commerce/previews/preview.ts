import type { Money } from "../money.ts";

/** What a change would do, read before anybody is asked for it: nothing of it is written. */
export interface ChangePreview {
  /** How what it is about stands. */
  before: Record<string, unknown>;
  /** How it would stand: of the same things those that change. */
  after: Record<string, unknown>;
  /** What it is worth. */
  amount: Money;
}
