import { z } from "zod";
import type { usage } from "#src/db/schema/index.ts";
import { planSchema } from "#src/engine/plans/plan.ts";
import { type RunView, runViewSchema } from "#src/engine/run-view.ts";
import type { RunRow } from "#src/history/index.ts";

/** A persona of the demo, as far as its past goes. */
export interface DemoPersona {
  id: string;
  templateId: string;
  version: number;
  config: Record<string, unknown>;
}

type Whose = "clientId" | "userId" | "instanceId";
type PastRow = Omit<RunRow, Whose | "projectId" | "templateId">;
type PastAttempt = Omit<typeof usage.$inferSelect, Whose>;

interface Asked {
  id: string;
  /** When it began, epoch milliseconds. */
  at: number;
  topic: string;
  /** Which one it is: some of them have failed. */
  number: number;
}

const configSchema = z.looseObject({ model: z.string().default("claude-haiku-5-5"), workflow: planSchema });

/** What steps take, by their actions: fuel, tokens in and out, milliseconds, who does them. */
const costs: Record<string, { fuel: number; in: number; out: number; ms: number; agent: string }> = {
  ai_text_generate: { fuel: 25, in: 420, out: 310, ms: 3100, agent: "copywriter" },
  fan_out: { fuel: 45, in: 0, out: 0, ms: 4200, agent: "web-search" },
  reasoning_review: { fuel: 25, in: 510, out: 140, ms: 2800, agent: "reasoning" },
};
const nothing = { fuel: 0, in: 0, out: 0, ms: 20, agent: "" };

/** One in so many has failed at its text. */
const failsEvery = 9;

/** A run as it was, some days ago. */
export function pastRun(persona: DemoPersona, { id, at, topic, number }: Asked) {
  const { workflow: plan, model } = configSchema.parse(persona.config);
  const isFailed = number % failsEvery === 0;
  const error = { code: "AI_SERVICE_ERROR", message: "The AI service answered 529" };
  const time = (ms: number) => new Date(ms).toISOString();
  const steps: RunView["steps"] = [];
  const attempts: PastAttempt[] = [];
  let now = at;
  let hasFailed = false;
  for (const [name, { action }] of Object.entries(plan.steps)) {
    const cost = costs[action] ?? nothing;
    const fails: boolean = isFailed && action === "ai_text_generate" && !hasFailed;
    const begins = hasFailed ? null : time(now);
    const ms = cost.ms + ((number * 137) % 900);
    const step = { name, action, attempts: 1, input: null, tasks: {}, output: null, errors: [] };
    const tokens = { input: cost.in, output: fails ? 0 : cost.out };
    if (hasFailed) {
      const cancelled = { started_at: null, completed_at: null, fuel: 0, tokens: { input: 0, output: 0 } };
      steps.push({ ...step, ...cancelled, status: "cancelled", attempts: 0, error: null });
      continue;
    }
    now += ms;
    hasFailed = fails;
    steps.push({
      ...step,
      status: fails ? "failed" : "completed",
      started_at: begins,
      completed_at: time(now),
      fuel: fails ? 0 : cost.fuel,
      tokens,
      output: fails ? null : outputOf(action, topic),
      error: fails ? error : null,
    });
    if (cost.fuel > 0)
      attempts.push({
        id: `${id}.${name}.1`,
        correlationId: id,
        stepName: name,
        agentType: cost.agent,
        action,
        model: cost.in > 0 ? model : null,
        fuel: fails ? 0 : cost.fuel,
        tokensIn: tokens.input,
        tokensOut: tokens.output,
        costMicros: tokens.input + tokens.output * 5,
        durationMs: ms,
        success: !fails,
        errorCode: fails ? error.code : null,
        createdAt: now,
      });
  }
  const spent = steps.reduce((sum, { fuel }) => sum + fuel, 0);
  const status = hasFailed ? "failed" : "completed";
  const view: RunView = runViewSchema.parse({
    correlation_id: id,
    instance_id: persona.id,
    status,
    current_step: null,
    steps,
    data: {},
    fuel: { budget: 10_000, reserved: 0, spent },
    result: hasFailed ? null : outputOf("ai_text_generate", topic),
    error: hasFailed ? error : null,
    created_at: time(at),
    updated_at: time(now),
    completed_at: time(now),
    revision: 1,
    input: { topic },
    plan,
    versions: {
      template: { id: persona.templateId, version: persona.version },
      definition: null,
      workflows: {},
    },
  });
  const row: PastRow = {
    correlationId: id,
    revision: 1,
    status,
    currentStep: null,
    fuelBudget: 10_000,
    fuelSpent: spent,
    tokensIn: sumOf(attempts, "tokensIn"),
    tokensOut: sumOf(attempts, "tokensOut"),
    costMicros: sumOf(attempts, "costMicros"),
    errorCode: hasFailed ? error.code : null,
    errorMessage: hasFailed ? error.message : null,
    createdAt: at,
    updatedAt: now,
    completedAt: now,
  };
  return { view, row, attempts };
}

const sumOf = (attempts: readonly PastAttempt[], name: "tokensIn" | "tokensOut" | "costMicros"): number =>
  attempts.reduce((sum, attempt) => sum + attempt[name], 0);

function outputOf(action: string, topic: string): unknown {
  if (action === "ai_text_generate")
    return {
      text: `# ${topic}\n\nFew subjects reward attention like this one. What matters first is what people do with it on an ordinary day.\n\nKeep what proves useful; leave the rest.`,
    };
  if (action === "reasoning_review") return { score: 8, approved: true, suggestions: [] };
  return null;
}
