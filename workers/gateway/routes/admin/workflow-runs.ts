import { decideRun } from "#src/runs/administration/decide-run.ts";
import { getRunOfPlatform } from "#src/runs/administration/get-run-of-platform.ts";
import { listRunsOfPlatform } from "#src/runs/administration/list-runs-of-platform.ts";
import { listRunsOfWorkflow } from "#src/runs/administration/list-runs-of-workflow.ts";
import { get, post, restRouter } from "../../rest.ts";

/** Runs of all tenants, for administrators. Moderators see users and conversations, not runs. */
export const workflowRuns = restRouter("Administration: workflows", [
  get("/runs", listRunsOfPlatform, "Runs"),
  get("/runs/{correlation_id}", getRunOfPlatform, "The run"),
  post("/runs/{correlation_id}/resume", decideRun, "Done"),
  // The older system's path for the same.
  post("/{correlation_id}/resume", decideRun, "Done", {
    operationId: "decideRunByOlderPath",
    deprecated: true,
  }),
  get("/{workflow}/runs", listRunsOfWorkflow, "Runs"),
]);
