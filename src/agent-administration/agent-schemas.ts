import { z } from "@hono/zod-openapi";
import { pageFields } from "#src/http/page.ts";
import { jsonObject } from "#src/kernel/json-object.ts";
import { instanceSchema } from "#src/personas/index.ts";
import { runSummarySchema } from "#src/runs/index.ts";

const time = z.iso.datetime();

/** Counted over every run of the instance. */
const agentUsageSchema = z.object({
  total_executions: z.number().int(),
  successful_runs: z.number().int(),
  failed_runs: z.number().int(),
  average_run_time_ms: z.number(),
  last_execution_time: time.nullable(),
  fuel_consumed: z.number().int(),
});

const agentHealthSchema = z.object({
  status: z.enum(["healthy", "degraded", "unhealthy", "disabled"]),
  error_rate_percent: z.number(),
  avg_response_time_ms: z.number(),
  last_check_time: time.openapi({ description: "When this was found out: now" }),
  queue_depth: z.number().int().openapi({ description: "Runs waiting or at work" }),
});

/** A persona instance as administrators look at it. */
const agentSchema = instanceSchema
  .extend({ template_name: z.string().nullable(), usage: agentUsageSchema, health: agentHealthSchema })
  .openapi("Agent");
export type Agent = z.infer<typeof agentSchema>;

export const agentListSchema = z
  .object({ instances: z.array(agentSchema), ...pageFields })
  .openapi("AgentList");

export const agentDetailSchema = z
  .object({ agent: agentSchema, executions: z.array(runSummarySchema) })
  .openapi("AgentDetail");

export const agentParams = z.object({ agent_id: z.uuid() });

export const agentStatusSchema = z
  .strictObject({ is_active: z.boolean(), reason: z.string().trim().max(500).optional() })
  .openapi("AgentStatus");

export const agentConfigSchema = z.strictObject({ config: jsonObject }).openapi("AgentConfig");
