import { jsonBytes } from "#src/engine/limits.ts";
import type { AskedGate } from "#src/engine/waiting.ts";
import type { ListedGate } from "./runs-api.ts";

/** What a list tells of one gate's review, and of all those of a run. */
const mostOf = { gate: 32 * 1024, run: 128 * 1024 };

/** The gates of a run as a list tells them: without what would make the list of a hundred runs too large. */
export function listedGates(gates: readonly AskedGate[]): ListedGate[] {
  let left = mostOf.run;
  return gates.map((gate) => {
    const bytes = jsonBytes(gate.review);
    const isReviewLeftOut = bytes > Math.min(mostOf.gate, left);
    if (!isReviewLeftOut) left -= bytes;
    return { ...gate, review: isReviewLeftOut ? null : gate.review, isReviewLeftOut };
  });
}
