import { routableBy } from "#src/agent-definitions/index.ts";
import { fuelBudgets } from "#src/engine/fuel.ts";
import type { RunStarter } from "#src/engine/start-run.ts";
import { type Lane, lanes } from "#src/engine/topics.ts";
import type { Account, Tier } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { requestKey } from "#src/kernel/request-key.ts";
import type { RunsApi, StartedRun } from "#src/objects/runs-api.ts";
import { storedConfigSchema } from "#src/personas/index.ts";
import type { Platform } from "#src/platform.ts";
import { checkInput } from "./check-input.ts";
import { contentLimit } from "./content-limit.ts";
import { findExecutable } from "./execution-repository.ts";
import { agentsNeeded, unmetTopics } from "./plan-topics.ts";
import { resolvePlan } from "./resolve-plan.ts";
import type { Execute } from "./schemas.ts";

interface Execution {
  instanceId: string;
  body: Execute;
  /** The caller's word for this very call: with the same one it is the same run. */
  idempotencyKey: string | undefined;
}

const laneOfTier: Record<Tier, Lane> = {
  free: "low",
  basic: "normal",
  premium: "normal",
  enterprise: "high",
};

/** The lane by tier, or the lower one that was asked for (docs/agents.md#lanes). */
export const laneOf = (tier: Tier, asked: Lane | undefined): Lane =>
  asked !== undefined && lanes.indexOf(asked) > lanes.indexOf(laneOfTier[tier]) ? asked : laneOfTier[tier];

/** Who starts what a caller asks for. */
export const starterOf = (actor: Account): RunStarter => {
  switch (actor.kind) {
    case "user":
      return { kind: actor.kind, id: actor.userId };
    case "key":
      return { kind: actor.kind, id: actor.keyId };
    case "schedule":
      return { kind: actor.kind, id: actor.scheduleId };
    case "trigger":
      return { kind: actor.kind, id: actor.triggerId, depth: actor.depth };
    case "run":
      return { kind: "system", id: actor.runId };
  }
};

/** What the plan sees as `input`; the request's `action` is part of it unless the input has its own. */
const inputOf = ({ action, input }: Execute): Record<string, unknown> =>
  action === undefined ? input : { action, ...input };

/**
 * Starts an execution of an instance that the caller may see. The fuel budget is
 * what was asked for, but never more than the tier's.
 * @param workflows the object that the run is to live in
 * @throws AppError `NOT_FOUND`; `PERSONA_DISABLED`; `VALIDATION_ERROR`; `WORKFLOW_INVALID` when an agent or
 * a workflow is gone; `QUOTA_EXCEEDED`; `CONFLICT` for a key used with another body; `PAYLOAD_TOO_LARGE`; `MAINTENANCE`
 * while no execution may begin
 */
export async function startExecution(
  platform: Pick<Platform, "config" | "db" | "objects" | "clock" | "requestId" | "traceparent">,
  workflows: Pick<RunsApi, "startRun">,
  actor: Account,
  { instanceId, body, idempotencyKey }: Execution,
): Promise<StartedRun> {
  const { db, objects, clock, requestId, traceparent } = platform;
  const { executions_open, fuel_budgets } = await platform.config();
  if (!executions_open) throw new AppError("MAINTENANCE", { message: "No execution may begin at present" });
  const instance = await findExecutable(db, actor, instanceId);
  if (!instance) throw new AppError("NOT_FOUND", { message: "No such persona instance" });
  if (body.project_id !== undefined && instance.projectId !== body.project_id)
    throw new AppError("NOT_FOUND", { message: "No such persona instance in this project" });
  if (!instance.isActive) throw new AppError("PERSONA_DISABLED");
  const { agents } = instance;
  const { workflow, ...config } = storedConfigSchema.parse(instance.config);
  checkInput(body.input, config.input_schema);
  const plans = await resolvePlan(db, actor.clientId, workflow);
  const errors = unmetTopics(plans, config, routableBy(agents));
  if (errors.length > 0) throw new AppError("WORKFLOW_INVALID", { details: { errors } });
  const { clientId, userId, tier } = actor;
  const idempotency = requestKey([userId, instanceId], idempotencyKey, body);
  const budget = fuel_budgets[tier] ?? fuelBudgets[tier];
  const others = await objects.otherWorkflows(clientId, instanceId);
  return valueOrThrow(
    await workflows.startRun({
      clientId,
      userId,
      tier,
      instanceId,
      projectId: instance.projectId,
      templateId: instance.templateId,
      templateVersion: instance.templateVersion,
      ...plans,
      input: inputOf(body),
      config,
      agents: agentsNeeded(plans, config, agents),
      fuelBudget: Math.min(body.fuel_budget ?? budget, budget),
      content: await contentLimit(actor, instance, others, clock.now()),
      lane: laneOf(tier, body.priority),
      idempotency,
      requestId,
      traceparent,
      startedBy: starterOf(actor),
    }),
  );
}
