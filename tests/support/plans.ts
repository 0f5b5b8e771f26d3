import type { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import type { Plan } from "#src/engine/plans/plan.ts";
import { planSchema } from "#src/engine/plans/plan.ts";
import type { StartRun } from "#src/engine/start-run.ts";

/** A plan in the short form its authors write. */
export const plan = (start_step: string, steps: z.input<typeof planSchema>["steps"]): Plan =>
  planSchema.parse({ start_step, steps });

/** A request to start a run, complete but for its plan. */
export const startRequest = (clientId: string, body: Partial<StartRun> & { plan: Plan }): StartRun => ({
  clientId,
  userId: "user-1",
  tier: "enterprise",
  instanceId: uuidv7(),
  projectId: null,
  templateId: null,
  templateVersion: null,
  input: { topic: "tea" },
  config: { model: "claude-haiku-4-5" },
  agents: {},
  workflows: {},
  fuelBudget: 1000,
  lane: "normal",
  idempotency: null,
  requestId: "request-1",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  ...body,
});

export const oneTextStep = plan("write", {
  write: { action: "ai_text_generate", input: { prompt: "Write about {{input.topic}}" }, next_step: "done" },
  done: { action: "complete_workflow", input: { text: "{{steps.write.output.text}}" } },
});

export const usage = { tokensIn: 3, tokensOut: 5, costMicros: 7, durationMs: 11 };
