import type { VectorBindings } from "#src/memory/vectorize-index.ts";
import type { QueueBindings, TaskQueue } from "#src/tasks/queues.ts";
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

/** The queues that the objects put messages on. */
export type QueueOfObjects = TaskQueue | "platform-events";

/** What the Worker that hosts the Durable Object classes must bind for them. */
// Memories are found by meaning as well where AI and Vectorize are bound.
export interface DurableObjectEnv
  extends DurableObjectNamespaces,
    QueueBindings<QueueOfObjects>,
    Partial<VectorBindings> {
  BLOBS: R2Bucket;
  LOG_LEVEL?: string;
}
