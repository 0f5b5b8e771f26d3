import type { Actor } from "#src/kernel/actor.ts";

/** What events say of who has brought them about: the run of a persona; of a person nothing. */
export const causeOf = (actor: Actor): { run_id?: string } =>
  actor.kind === "run" ? { run_id: actor.runId } : {};
