import type { Outcome } from "#src/kernel/outcome.ts";
import type { CallCountsApi } from "#src/objects/call-counts-api.ts";
import type { NewMessage } from "#src/objects/conversation-api.ts";
import type { CountedWriting } from "#src/objects/writing-leave.ts";
import { giveBack, takeOne } from "./gate-counts.ts";

/** What somebody has to write something by: one of their messages, and one of the answers that a persona gives them. */
export interface Allowance {
  /** Why they may write nothing new; what they have written before is answered all the same. */
  notNow: NewMessage["notNow"];
  /** What came of it, by which nothing was used where nothing was written; what was refused for its words counts. */
  spentFor<T>(outcome: Outcome<T & { created?: boolean }>): Outcome<T & { created?: boolean }>;
}

/**
 * Takes one of each that is counted; of none where one of them is used up.
 * @param later does something behind, and says of a failure what has failed
 */
export async function takeAllowance(
  gate: CallCountsApi,
  counted: readonly CountedWriting[],
  later: (what: string, work: () => Promise<unknown>) => void,
): Promise<Allowance> {
  const taken = await Promise.all(counted.map(async (one) => ({ of: one, taken: await takeOne(gate, one) })));
  const unused = () => {
    for (const { of, taken: one } of taken)
      if ("grant" in one && !of.everyCall)
        later("what was not written is counted", () => giveBack(gate, of, one.grant));
  };
  const [missing] = taken.flatMap(({ of, taken: one }) =>
    "grant" in one ? [] : [{ message: of.tooMuch, retryAfter: one.waitSeconds }],
  );
  if (missing) {
    unused();
    return { notNow: missing, spentFor: (outcome) => outcome };
  }
  return {
    notNow: undefined,
    spentFor: (outcome) => {
      const isUnused = outcome.ok ? outcome.value.created === false : outcome.code !== "MESSAGE_REFUSED";
      if (isUnused) unused();
      return outcome;
    },
  };
}
