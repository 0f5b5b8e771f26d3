import { queryOptions } from "@tanstack/react-query";
import { dataOf } from "#client/index.ts";
import { api } from "../session/client.ts";
import type { RunView } from "./runs.ts";

/** What one step's tasks were given, as rendered. */
export const taskInputsQuery = (id: string, step: string) =>
  queryOptions({
    queryKey: ["tasks", id, step, "input"],
    queryFn: async ({ signal }) =>
      dataOf(
        await api.GET("/api/v1/personas/runs/{correlation_id}/tasks", {
          params: { path: { correlation_id: id }, query: { step, include: "input", limit: 20 } },
          signal,
        }),
      ).tasks,
  });

/** Answers a run that waits for a person. @throws PersonaError */
export async function answerRun(
  id: string,
  answer: { approved: boolean; step?: string; feedback?: unknown },
): Promise<void> {
  dataOf(
    await api.POST("/api/v1/personas/runs/{correlation_id}/resume", {
      params: { path: { correlation_id: id }, header: { "idempotency-key": crypto.randomUUID() } },
      body: answer,
    }),
  );
}

/** Stops a run. @throws PersonaError */
export async function stopRun({ correlation_id, instance_id }: RunView): Promise<void> {
  if (instance_id === null) return;
  dataOf(
    await api.POST("/api/v1/personas/instances/{instance_id}/stop", {
      params: { path: { instance_id } },
      body: { correlation_id },
    }),
  );
}
