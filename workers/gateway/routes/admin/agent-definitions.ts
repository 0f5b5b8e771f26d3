import {
  createAgentDefinition,
  deleteAgentDefinition,
  getAgentDefinition,
  listAgentDefinitions,
  updateAgentDefinition,
} from "#src/agent-definitions/index.ts";
import { del, get, post, put, restRouter } from "../../rest/table.ts";

export const agentDefinitions = restRouter("Administration: agents", [
  get("/", listAgentDefinitions, "Agent definitions"),
  post("/", createAgentDefinition, "The agent definition", {
    status: 201,
    location: ({ id }) => `/api/v1/admin/agent-definitions/${id}`,
  }),
  get("/{agent_definition}", getAgentDefinition, "The agent definition"),
  put("/{agent_definition}", updateAgentDefinition, "The agent definition"),
  del("/{agent_definition}", deleteAgentDefinition, "Deleted", { status: 204 }),
]);
