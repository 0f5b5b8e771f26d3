import { z } from "@hono/zod-openapi";

export const runParams = z.object({ correlation_id: z.uuid() });

/** Where a run is told. */
export const addressOfRun = (correlationId: string): string => `/api/v1/personas/runs/${correlationId}`;
