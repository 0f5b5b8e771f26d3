import { createInstance } from "#src/personas/instances/create-instance.ts";
import { deleteInstance } from "#src/personas/instances/delete-instance.ts";
import { getInstance } from "#src/personas/instances/get-instance.ts";
import { listInstances } from "#src/personas/instances/list-instances.ts";
import { updateInstance } from "#src/personas/instances/update-instance.ts";
import { del, get, patch, post, put, restRouter } from "../../rest.ts";

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
