import { getAgent } from "#src/agent-administration/get-agent.ts";
import { listAgents } from "#src/agent-administration/list-agents.ts";
import { restartAgent } from "#src/agent-administration/restart-agent.ts";
import { setAgentStatus } from "#src/agent-administration/set-agent-status.ts";
import { get, post, put, restRouter } from "../../rest.ts";

export const agents = restRouter("Administration: agents", [
  get("/", listAgents, "Agents"),
  get("/{agent_id}", getAgent, "The agent"),
  put("/{agent_id}/status", setAgentStatus, "Changed"),
  post("/{agent_id}/restart", restartAgent, "Sent again"),
]);
