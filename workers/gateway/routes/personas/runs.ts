import { z } from "@hono/zod-openapi";
import {
  getRun,
  getRunTrace,
  getTaskOfRun,
  listRuns,
  listTasksOfRun,
  rerun,
  resumeRun,
  runEventPageSchema,
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
  get("/{correlation_id}/tasks/{task_id}", getTaskOfRun, "The task"),
  get("/{correlation_id}/trace", getRunTrace, "The trace"),
  post("/{correlation_id}/resume", resumeRun, "Answered"),
  get("/{correlation_id}/events", streamRunEvents, "Events", {
    responses: {
      200: {
        description: "Events",
        content: {
          "text/event-stream": { schema: z.string() },
          "application/json": { schema: runEventPageSchema },
        },
      },
      204: { description: "The run has ended, and nothing came after that event" },
    },
    answer: (c, { output }) => {
      if (output === null) return c.body(null, 204);
      return "events" in output ? c.json(output, 200) : runEventStream(c, output);
    },
  }),
]);
