/** The door of `read-models`: what other rooms may import of it. */
export { buryMessages } from "./bury-messages.ts";
export {
  type DeadLetterRow,
  deadLettersSince,
  findDeadLetter,
  markRedriven,
  pageDeadLetters,
  pageDeadLettersLeft,
} from "./dead-letter-repository.ts";
export { countOpenTasks, forgetOpenTasks } from "./open-tasks-repository.ts";
export { totalsOfAll } from "./platform-totals-repository.ts";
export { projectMessages } from "./project-messages.ts";
export { pruneRunLists } from "./prune-run-lists.ts";
export { countOpenRuns, openStatuses } from "./run-list-repository.ts";
export { taskCountsSince } from "./task-count-repository.ts";
export { countUsage, usageOfAll } from "./usage-day-repository.ts";
