import type { AccessGate } from "#durable-objects/access-gate/object.ts";
import type { CircuitBreaker } from "#durable-objects/circuit-breaker/object.ts";
import type { Conversation } from "#durable-objects/conversation/object.ts";
import type { ConversationSearch } from "#durable-objects/conversation-search/object.ts";
import type { LogRing } from "#durable-objects/log-ring/object.ts";
import type { PlatformMetrics } from "#durable-objects/platform-metrics/object.ts";
import type { TenantHub } from "#durable-objects/tenant-hub/object.ts";
import type { TenantPersonalisation } from "#durable-objects/tenant-personalisation/object.ts";
import type { TenantWorkflows } from "#durable-objects/tenant-workflows/object.ts";
import type { WebhookEndpoint } from "#durable-objects/webhook-endpoint/object.ts";
import type { DataPointBindings } from "#src/observability/data-points.ts";
import type { QueueBindings } from "#src/tasks/index.ts";

/** Bindings of the gateway (wrangler.toml at the root). Text settings are read by `settingsOf(env)`. */
export interface GatewayEnv extends QueueBindings, DataPointBindings {
  TENANT_WORKFLOWS: DurableObjectNamespace<TenantWorkflows>;
  TENANT_HUB: DurableObjectNamespace<TenantHub>;
  ACCESS_GATE: DurableObjectNamespace<AccessGate>;
  CIRCUIT_BREAKER: DurableObjectNamespace<CircuitBreaker>;
  PLATFORM_METRICS: DurableObjectNamespace<PlatformMetrics>;
  WEBHOOK_ENDPOINTS: DurableObjectNamespace<WebhookEndpoint>;
  LOG_RING: DurableObjectNamespace<LogRing>;
  CONVERSATIONS: DurableObjectNamespace<Conversation>;
  CONVERSATION_SEARCH: DurableObjectNamespace<ConversationSearch>;
  TENANT_PERSONALISATION: DurableObjectNamespace<TenantPersonalisation>;
  DB: D1Database;
  COMMERCE_DB: D1Database;
  CACHE: KVNamespace;
  BLOBS: R2Bucket;
  ASSETS: Fetcher;
  FLOODS: RateLimit;
  /** Bound in development only. */
  SANDBOX?: Fetcher;
}
