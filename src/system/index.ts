/** The door of `system`: what other rooms may import of it. */
export { askDependencies } from "./ask-dependencies.ts";
export { getHealth } from "./get-health.ts";
export { listDeadLetters } from "./list-dead-letters.ts";
export { listTopics } from "./list-topics.ts";
export { redriveDeadLetter } from "./redrive-dead-letter.ts";
