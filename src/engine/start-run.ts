import type { Tier } from "#src/kernel/actor.ts";
import type { RequestKey } from "#src/kernel/request-key.ts";
import type { Plan } from "./plans/plan.ts";
import type { Lane } from "./topics.ts";

/** An agent definition as a run needs it: how its topic is routed and what its tasks default to. */
export interface AgentRoute {
  category: "data-driven" | "code-driven" | "adapter";
  defaultConfig: Record<string, unknown>;
}

/** How much a user may make. */
export interface ContentLimit {
  /** Executions completed in the billing period, with those that are being made. */
  max: number;
  /** When the period began, epoch milliseconds. */
  periodStart: number;
  /** What of it the tenant's other objects have; 0 where there is one. */
  elsewhere: number;
}

export const starterKinds = ["user", "key", "schedule", "trigger", "visitor", "system"] as const;

/** Who started a run: a person, a key, a schedule or a trigger of theirs by its id, or the platform itself. */
export interface RunStarter {
  kind: (typeof starterKinds)[number];
  id: string | null;
  /** How many triggers have led to it, one after another; none unless said. */
  depth?: number;
}

/** Whose memory a run uses (`src/objects/memory.ts`), and the conversation that what it keeps comes from. */
export interface RunMemory {
  owner: string;
  conversationId: string;
}

/** Everything a run needs; resolved by the gateway, so the tenant object reads nothing else. */
export interface StartRun {
  clientId: string;
  userId: string;
  tier: Tier;
  instanceId: string | null;
  projectId: string | null;
  templateId: string | null;
  templateVersion: number | null;
  plan: Plan;
  /** The execution input, already valid against the template's `input_schema`. */
  input: Record<string, unknown>;
  /** The instance's merged config: model, temperature, system_prompt, memory_config, … */
  config: Record<string, unknown>;
  /** Agent definitions by type. */
  agents: Record<string, AgentRoute>;
  /** The definition that `plan` is, when the persona names one in the place of its own. */
  definition?: { id: string; version: number };
  /** Definitions behind the `workflow:{name}` topics that the plan reaches at any depth, by name; the run keeps these versions. */
  workflows: Record<string, { id: string; version: number; plan: Plan }>;
  /** Fuel units. */
  fuelBudget: number;
  /** Left out where nothing limits the user, or a gateway of a release before has looked itself. */
  content?: ContentLimit;
  lane: Lane;
  /** The caller's `Idempotency-Key` with a digest of the request it belongs to. */
  idempotency: RequestKey | null;
  requestId: string;
  traceparent: string;
  /** Who asked for it; runs of earlier releases were started by their users. */
  startedBy?: RunStarter;
  /** Of a turn of a conversation; every other run uses the memory of its instance's owner. */
  memoryOf?: RunMemory;
}
