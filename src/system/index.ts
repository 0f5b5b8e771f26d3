/** The door of `system`: what other rooms may import of it. */
export { askDependencies } from "./ask-dependencies.ts";
export { getSystemConfig } from "./configuration/get-system-config.ts";
export { tellFollowers } from "./configuration/tell-followers.ts";
export { updateSystemConfig } from "./configuration/update-system-config.ts";
export { getHealth } from "./get-health.ts";
export { listDeadLetters } from "./list-dead-letters.ts";
export { listTopics } from "./list-topics.ts";
export { consumeMaintenance, isAboutMaintenance } from "./maintenance/consume-maintenance.ts";
export { setMaintenance } from "./maintenance/set-maintenance.ts";
export { redriveDeadLetter } from "./redrive-dead-letter.ts";
