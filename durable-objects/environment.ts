import type { VectorBindings } from "#src/memory/vectorize-index.ts";
import type { PlatformBody } from "#src/objects/platform-message.ts";
import type { TaskEnvelope } from "#src/tasks/envelope.ts";
import type { AccessGate } from "./access-gate/object.ts";
import type { CircuitBreaker } from "./circuit-breaker/object.ts";
import type { TenantHub } from "./tenant-hub/object.ts";
import type { TenantWorkflows } from "./tenant-workflows/object.ts";

/** Bindings of the objects themselves; consumer Workers pick from these by `script_name`. */
export interface DurableObjectNamespaces {
  TENANT_WORKFLOWS: DurableObjectNamespace<TenantWorkflows>;
  TENANT_HUB: DurableObjectNamespace<TenantHub>;
  ACCESS_GATE: DurableObjectNamespace<AccessGate>;
  CIRCUIT_BREAKER: DurableObjectNamespace<CircuitBreaker>;
}

/** What the Worker that hosts the Durable Object classes must bind for them. */
// Memories are found by meaning as well where AI and Vectorize are bound.
export interface DurableObjectEnv extends DurableObjectNamespaces, Partial<VectorBindings> {
  BLOBS: R2Bucket;
  AGENT_TASKS_HIGH: Queue<TaskEnvelope>;
  AGENT_TASKS_NORMAL: Queue<TaskEnvelope>;
  AGENT_TASKS_LOW: Queue<TaskEnvelope>;
  ADAPTER_TASKS: Queue<TaskEnvelope>;
  PLATFORM_EVENTS: Queue<PlatformBody>;
  LOG_LEVEL?: string;
}
