import { z } from "zod";
import type { Plan } from "#src/engine/plans/plan.ts";
import { type StartRun, starterKinds } from "#src/engine/start-run.ts";
import type { Transcript } from "#src/engine/tool-loop/transcript.ts";
import { lanes } from "#src/engine/topics.ts";
import { tiers } from "#src/kernel/actor.ts";
import { jurisdictions } from "#src/kernel/placement.ts";
import { maxHubShards } from "./hub-spread.ts";
import type { CompletionReport, TaskAssignment } from "./tasks-api.ts";

/*
 * What Workers say to each other by RPC, as the one that is told reads it: the other may be of another release.
 * What was recorded of the last one is read by tests/unit/releases.
 */

const object = z.record(z.string(), z.unknown());
const looksLikePlan = z.looseObject({
  start_step: z.string(),
  steps: z.record(z.string(), z.looseObject({ action: z.string() })),
});
/** A plan was validated when it was saved, perhaps by an earlier release: here it only has to be one. */
const savedPlanSchema = z.custom<Plan>((value) => looksLikePlan.safeParse(value).success, "Not a plan");

const versionSchema = z.object({ id: z.string(), version: z.number().int() });
const agentRouteSchema = z.object({
  category: z.enum(["data-driven", "code-driven", "adapter"]),
  defaultConfig: object,
});

/** What the gateway asks a workflow object to run. */
export const startRunSchema = z.object({
  clientId: z.string().min(1),
  userId: z.string().min(1),
  tier: z.enum(tiers),
  instanceId: z.string().nullable(),
  projectId: z.string().nullable(),
  templateId: z.string().nullable(),
  templateVersion: z.number().int().nullable(),
  plan: savedPlanSchema,
  input: object,
  config: object,
  agents: z.record(z.string(), agentRouteSchema),
  definition: versionSchema.optional(),
  workflows: z.record(z.string(), versionSchema.extend({ plan: savedPlanSchema })),
  fuelBudget: z.number().int().nonnegative(),
  content: z
    .object({ max: z.number().int(), periodStart: z.number(), elsewhere: z.number().int().nonnegative() })
    .optional(),
  lane: z.enum(lanes),
  idempotency: z.object({ key: z.string(), bodyDigest: z.string() }).nullable(),
  requestId: z.string(),
  traceparent: z.string(),
  startedBy: z
    .object({ kind: z.enum(starterKinds), id: z.string().nullable(), depth: z.number().int().optional() })
    .optional(),
  memoryOf: z.object({ owner: z.string().min(1), conversationId: z.string().min(1) }).optional(),
}) satisfies z.ZodType<StartRun>;

const calledSchema = z.object({ id: z.string(), name: z.string(), text: z.string(), isError: z.boolean() });
/** The turns before one in a step of rounds. */
const transcriptSchema = z.object({
  turn: z.number().int().nonnegative(),
  tools: z.array(z.object({ name: z.string(), description: z.string(), inputSchema: object })),
  isLast: z.boolean(),
  rounds: z.array(z.object({ answer: object, results: z.array(calledSchema) })),
}) satisfies z.ZodType<Transcript>;

/** A claimed task, as a workflow object hands it to a consumer. */
export const taskAssignmentSchema = z.object({
  taskId: z.string().min(1),
  correlationId: z.string().min(1),
  rootId: z.string().min(1).optional(),
  jurisdiction: z.enum(jurisdictions).optional(),
  hubs: z.array(z.number().int().nonnegative()).max(maxHubShards).optional(),
  clientId: z.string().min(1),
  userId: z.string().min(1),
  instanceId: z.string().nullable(),
  stepName: z.string(),
  action: z.string(),
  topic: z.string(),
  input: object,
  transcript: transcriptSchema.optional(),
  config: object,
  agent: agentRouteSchema.extend({ type: z.string() }).nullable(),
  memories: z.array(z.string()),
  attempt: z.number().int().positive(),
  deadline: z.number(),
  idempotencyKey: z.string(),
  fuelReserved: z.number(),
  leaseMs: z.number().positive().optional(),
}) satisfies z.ZodType<TaskAssignment>;

/** What comes of a report. */
export const completionReportSchema = z.object({
  applied: z.boolean(),
  // A next task that cannot be read goes to another consumer when its lease ends; the report counts all the same.
  next: taskAssignmentSchema.optional().catch(undefined),
}) satisfies z.ZodType<CompletionReport>;

/** A line for a tenant's event log. */
export const appendedEventSchema = z.object({
  id: z.string().min(1),
  event: z.string().min(1).max(100),
  entityId: z.string(),
  ownerUserId: z.string().nullable(),
  data: object,
});
