import { getPersonaChat, publishPersona } from "#src/chat/index.ts";
import { getToolsWithoutApproval, setToolsWithoutApproval } from "#src/commerce-tools/index.ts";
import {
  createInstance,
  deleteInstance,
  getInstance,
  listInstances,
  updateInstance,
} from "#src/personas/index.ts";
import { del, get, patch, post, put, restRouter } from "../../rest/table.ts";

export const instances = restRouter("Personas", [
  get("/", listInstances, "Instances"),
  post("/", createInstance, "Made", {
    status: 201,
    location: ({ id }) => `/api/v1/personas/instances/${id}`,
  }),
  get("/{instance_id}", getInstance, "The instance"),
  put("/{instance_id}", updateInstance, "The instance"),
  patch("/{instance_id}", updateInstance, "The instance", { operationId: "patchInstance" }),
  get("/{instance_id}/chat", getPersonaChat, "How it is talked with"),
  put("/{instance_id}/chat", publishPersona, "How it is talked with"),
  get(
    "/{instance_id}/tools-without-approval",
    getToolsWithoutApproval,
    "What it may change without being asked about",
  ),
  put(
    "/{instance_id}/tools-without-approval",
    setToolsWithoutApproval,
    "What it may change without being asked about",
  ),
  del("/{instance_id}", deleteInstance, "Deleted", { status: 204 }),
]);
