import {
  createTrigger,
  deleteTrigger,
  getTrigger,
  listTriggers,
  updateTrigger,
} from "#src/triggers/index.ts";
import { del, get, patch, post, restRouter } from "../../rest/table.ts";

/** What starts a persona instance when it happens, for its owner. */
export const triggers = restRouter("Personas: triggers", [
  get("/{instance_id}/triggers", listTriggers, "Triggers"),
  post("/{instance_id}/triggers", createTrigger, "Made", {
    status: 201,
    location: ({ id }, { instance_id }) => `/api/v1/personas/instances/${instance_id}/triggers/${id}`,
  }),
  get("/{instance_id}/triggers/{trigger_id}", getTrigger, "The trigger"),
  patch("/{instance_id}/triggers/{trigger_id}", updateTrigger, "Changed"),
  del("/{instance_id}/triggers/{trigger_id}", deleteTrigger, "Gone", { status: 204 }),
]);
