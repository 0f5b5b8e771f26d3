import { getAgent, listAgents, restartAgent, setAgentStatus } from "#src/agent-administration/index.ts";
import { get, post, put, restRouter } from "../../rest/table.ts";

export const agents = restRouter("Administration: agents", [
  get("/", listAgents, "Agents"),
  get("/{agent_id}", getAgent, "The agent"),
  put("/{agent_id}/status", setAgentStatus, "Changed"),
  post("/{agent_id}/restart", restartAgent, "Sent again"),
]);
