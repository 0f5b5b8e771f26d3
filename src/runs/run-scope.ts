import type { Account } from "#src/kernel/actor.ts";
import type { RunScope } from "#src/objects/runs-api.ts";

/** Which runs a caller reaches: their own, or all of their tenant. */
export const scopeOfActor = ({ scope, userId }: Account): RunScope =>
  scope === "own" ? { userId } : "tenant";
