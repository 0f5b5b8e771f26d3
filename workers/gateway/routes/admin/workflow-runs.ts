import {
  decideRun,
  getRunOfPlatform,
  getRunTraceOfPlatform,
  listRunsOfPlatform,
  listRunsOfWorkflow,
  listTasksOfRunOfPlatform,
} from "#src/runs/index.ts";
import { get, post, restRouter } from "../../rest/table.ts";

/** Runs of all tenants, for administrators. Moderators see users and conversations, not runs. */
export const workflowRuns = restRouter("Administration: workflows", [
  get("/runs", listRunsOfPlatform, "Runs"),
  get("/runs/{correlation_id}", getRunOfPlatform, "The run"),
  get("/runs/{correlation_id}/tasks", listTasksOfRunOfPlatform, "Tasks"),
  get("/runs/{correlation_id}/trace", getRunTraceOfPlatform, "The trace"),
  post("/runs/{correlation_id}/resume", decideRun, "Done"),
  // The older system's path for the same.
  post("/{correlation_id}/resume", decideRun, "Done", {
    operationId: "decideRunByOlderPath",
    deprecated: true,
  }),
  get("/{workflow}/runs", listRunsOfWorkflow, "Runs"),
]);
