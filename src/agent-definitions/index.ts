/** The door of `agent-definitions`: what other rooms may import of it. */
export {
  activeAgents,
  activeAgentsOfAll,
  isActiveDefinition,
  routableBy,
} from "./agent-definition-repository.ts";
export { createAgentDefinition } from "./create-agent-definition.ts";
export { deleteAgentDefinition } from "./delete-agent-definition.ts";
export { getAgentDefinition } from "./get-agent-definition.ts";
export { listAgentDefinitions } from "./list-agent-definitions.ts";
export { updateAgentDefinition } from "./update-agent-definition.ts";
