import { z } from "@hono/zod-openapi";
import {
  getRun,
  getRunTrace,
  listRuns,
  listTasksOfRun,
  rerun,
  resumeRun,
  stopRuns,
  streamRunEvents,
} from "#src/runs/index.ts";
import { get, post, restRouter } from "../../rest/table.ts";
import { runEventStream } from "./run-event-stream.ts";

export const runs = restRouter("Personas", [
  get("/", listRuns, "Runs"),
  post("/stop", stopRuns, "What became of each"),
  post("/rerun", rerun, "What became of each"),
  get("/{correlation_id}", getRun, "The run"),
  get("/{correlation_id}/tasks", listTasksOfRun, "Tasks"),
  get("/{correlation_id}/trace", getRunTrace, "The trace"),
  post("/{correlation_id}/resume", resumeRun, "Answered"),
  get("/{correlation_id}/events", streamRunEvents, "Events", {
    responses: {
      200: { description: "Events", content: { "text/event-stream": { schema: z.string() } } },
      204: { description: "The run has ended, and nothing came after that event" },
    },
    answer: (c, { output }) => (output ? runEventStream(c, output) : c.body(null, 204)),
  }),
]);
