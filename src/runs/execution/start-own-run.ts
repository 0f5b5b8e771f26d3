import { fuelBudgets } from "#src/engine/fuel.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { requestKey } from "#src/kernel/request-key.ts";
import type { StartedRun } from "#src/objects/runs-api.ts";
import type { Platform } from "#src/platform.ts";
import { contentLimit } from "./content-limit.ts";
import { allowanceOf } from "./execution-repository.ts";
import { laneOf, starterOf } from "./start-execution.ts";

interface OwnRun {
  plan: Plan;
  input: Record<string, unknown>;
  /** What it is for, among the caller's keys. */
  purpose: string;
  /** What one key belongs to: with the same one, another is refused. */
  body: unknown;
  /** The caller's word for this very call: with the same one it is the same run. */
  idempotencyKey: string | undefined;
}

/**
 * Starts a run of the platform's own, of no persona: as the caller's, within what their tier allows.
 * @throws AppError `QUOTA_EXCEEDED`; `CONFLICT` for a key used with another body; `MAINTENANCE` while no execution may begin
 */
export async function startOwnRun(
  platform: Pick<Platform, "config" | "db" | "objects" | "clock" | "requestId" | "traceparent">,
  actor: Account,
  { plan, input, purpose, body, idempotencyKey }: OwnRun,
): Promise<StartedRun> {
  const { db, objects, clock, requestId, traceparent } = platform;
  const { executions_open, fuel_budgets } = await platform.config();
  if (!executions_open) throw new AppError("MAINTENANCE", { message: "No execution may begin at present" });
  const { clientId, userId, tier } = actor;
  const workflows = await objects.workflows(clientId);
  const allowed = await allowanceOf(db, userId);
  const [, ...others] = await objects.allWorkflows(clientId);
  return valueOrThrow(
    await workflows.startRun({
      clientId,
      userId,
      tier,
      instanceId: null,
      projectId: null,
      templateId: null,
      templateVersion: null,
      plan,
      workflows: {},
      input,
      config: {},
      agents: {},
      fuelBudget: fuel_budgets[tier] ?? fuelBudgets[tier],
      content: await contentLimit(actor, allowed, others, clock.now()),
      lane: laneOf(tier, undefined),
      idempotency: requestKey([userId, purpose], idempotencyKey, body),
      requestId,
      traceparent,
      startedBy: starterOf(actor),
    }),
  );
}
