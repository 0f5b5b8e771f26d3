/** The door of `triggers`: what other rooms may import of it. */
export { createTrigger } from "./create-trigger.ts";
export { deleteTrigger } from "./delete-trigger.ts";
export { fireTrigger } from "./fire-trigger.ts";
export { getTrigger } from "./get-trigger.ts";
export { listTriggers } from "./list-triggers.ts";
export { sweepTriggers } from "./tell-log.ts";
export { updateTrigger } from "./update-trigger.ts";
