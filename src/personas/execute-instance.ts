import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { AppError } from "../http/app-error.ts";
import { valueOrThrow } from "../http/outcome.ts";
import type { Principal, Tier } from "../identity/principal.ts";
import { type Lane, lanes } from "../messaging/topics.ts";
import { fuelBudgets } from "../workflows/fuel.ts";
import type { StartedRun, TenantWorkflowsApi } from "../workflows/tenant-workflows-api.ts";
import { activeAgents } from "./agent-definition-repository.ts";
import { checkInput } from "./check-input.ts";
import type { PersonaContext } from "./create-template.ts";
import { findInstance } from "./instance-repository.ts";
import { type Execute, personaConfigSchema } from "./schemas.ts";

export interface ExecutionRequest {
  instanceId: string;
  body: Execute;
  /** The `Idempotency-Key` header. */
  idempotencyKey: string | undefined;
  requestId: string;
  traceparent: string;
}

const laneOfTier: Record<Tier, Lane> = {
  free: "low",
  basic: "normal",
  premium: "normal",
  enterprise: "high",
};

/** The lane by tier, or the lower one that was asked for (spec 04-agents, "Messages"). */
const laneOf = (tier: Tier, asked: Lane | undefined): Lane =>
  asked !== undefined && lanes.indexOf(asked) > lanes.indexOf(laneOfTier[tier]) ? asked : laneOfTier[tier];

/** Canonical JSON: the same request gives the same digest whatever the order of its keys. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

const digest = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/**
 * Starts an execution of one of the caller's instances.
 * @throws AppError `NOT_FOUND`; `PERSONA_DISABLED`; `VALIDATION_ERROR`; `CONFLICT` for a key used with another body
 */
export async function executeInstance(
  { db, workflows }: Pick<PersonaContext, "db"> & { workflows: TenantWorkflowsApi },
  principal: Principal,
  { instanceId, body, idempotencyKey, requestId, traceparent }: ExecutionRequest,
): Promise<StartedRun> {
  const [instance, agents] = await Promise.all([findInstance(db, principal, instanceId), activeAgents(db)]);
  if (!instance) throw new AppError("NOT_FOUND", { message: "No such persona instance" });
  if (!instance.isActive) throw new AppError("PERSONA_DISABLED");
  const { workflow, ...config } = personaConfigSchema.parse(instance.config);
  checkInput(body.input, config.input_schema);
  const budget = fuelBudgets[principal.tier];
  return valueOrThrow(
    await workflows.startRun({
      clientId: principal.clientId,
      userId: principal.userId,
      tier: principal.tier,
      instanceId,
      projectId: instance.projectId,
      templateId: instance.templateId,
      templateVersion: instance.templateVersion,
      plan: workflow,
      input: body.input,
      config,
      agents,
      workflows: {},
      fuelBudget: Math.min(body.fuel_budget ?? budget, budget),
      lane: laneOf(principal.tier, body.priority),
      idempotency:
        idempotencyKey === undefined
          ? null
          : {
              key: digest(`${principal.userId}:${instanceId}:${idempotencyKey}`),
              bodyDigest: digest(canonical(body)),
            },
      requestId,
      traceparent,
    }),
  );
}
