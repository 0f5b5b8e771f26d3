/** The door of `agent-administration`: what other rooms may import of it. */
export { getAgent } from "./get-agent.ts";
export { listAgents } from "./list-agents.ts";
export { restartAgent } from "./restart-agent.ts";
export { setAgentStatus } from "./set-agent-status.ts";
export { updateClientInstanceConfig } from "./update-client-instance-config.ts";
