import { runViewSchema } from "#src/engine/run-view.ts";
import { jsonResponse } from "#src/http/openapi.ts";
import {
  acceptedRunSchema,
  addressOfRun,
  executeInstance,
  listImagesOfInstance,
  listLogsOfInstance,
  listRunsOfInstance,
  stopInstance,
} from "#src/runs/index.ts";
import { json } from "../../rest/answer.ts";
import { get, post, restRouter } from "../../rest/table.ts";

/** What an instance does, and has done. */
export const executions = restRouter("Personas", [
  post("/{instance_id}/execute", executeInstance, "Accepted", {
    responses: {
      200: jsonResponse("Ended or paused in time", runViewSchema),
      202: jsonResponse("Accepted", acceptedRunSchema),
    },
    answer: (c, { output }) => {
      c.header("Location", addressOfRun(output.correlation_id));
      return json(c, output, "events_url" in output ? 202 : 200);
    },
  }),
  post("/{instance_id}/stop", stopInstance, "What was cancelled", { bodyIsOptional: true }),
  get("/{instance_id}/history", listRunsOfInstance, "Runs"),
  get("/{instance_id}/logs", listLogsOfInstance, "Log lines"),
  get("/{instance_id}/images", listImagesOfInstance, "Images"),
]);
