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
  del("/{instance_id}", deleteInstance, "Deleted", { status: 204 }),
]);
