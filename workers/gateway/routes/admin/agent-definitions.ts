import { createAgentDefinition } from "#src/agent-definitions/create-agent-definition.ts";
import { deleteAgentDefinition } from "#src/agent-definitions/delete-agent-definition.ts";
import { getAgentDefinition } from "#src/agent-definitions/get-agent-definition.ts";
import { listAgentDefinitions } from "#src/agent-definitions/list-agent-definitions.ts";
import { updateAgentDefinition } from "#src/agent-definitions/update-agent-definition.ts";
import { del, get, post, put, restRouter } from "../../rest.ts";

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
