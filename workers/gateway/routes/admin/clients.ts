import { updateClientInstanceConfig } from "#src/agent-administration/index.ts";
import {
  actWithinClient,
  createClient,
  deactivateClient,
  getClient,
  getClientStats,
  listClients,
  updateClient,
} from "#src/tenants/index.ts";
import { del, get, post, put, restRouter } from "../../rest/table.ts";

export const clients = restRouter("Administration: clients", [
  get("/", listClients, "Clients"),
  post("/", createClient, "The client", {
    status: 201,
    location: ({ client_id }) => `/api/v1/admin/clients/${client_id}`,
  }),
  get("/{client_id}", getClient, "The client"),
  put("/{client_id}", updateClient, "The client"),
  del("/{client_id}", deactivateClient, "Deactivated", { status: 204 }),
  get("/{client_id}/stats", getClientStats, "Counted now"),
  post("/{client_id}/act", actWithinClient, "The token"),
  // The older system's path for the same.
  get("/{client_id}/usage", getClientStats, "Counted now", {
    operationId: "getClientUsage",
    deprecated: true,
  }),
  put("/{client_id}/instances/{instance_id}/config", updateClientInstanceConfig, "The instance"),
]);
