export { AccessGate } from "#durable-objects/access-gate/object.ts";
export { CircuitBreaker } from "#durable-objects/circuit-breaker/object.ts";
export { Conversation } from "#durable-objects/conversation/object.ts";
export { ConversationSearch } from "#durable-objects/conversation-search/object.ts";
export { LogRing } from "#durable-objects/log-ring/object.ts";
export { PlatformMetrics } from "#durable-objects/platform-metrics/object.ts";
export { TenantHub } from "#durable-objects/tenant-hub/object.ts";
export { TenantPersonalisation } from "#durable-objects/tenant-personalisation/object.ts";
export { TenantWorkflows } from "#durable-objects/tenant-workflows/object.ts";
export { WebhookEndpoint } from "#durable-objects/webhook-endpoint/object.ts";

/** Hosts the Durable Object classes and has no address: every other Worker binds them by `script_name`. */
export default {
  fetch: () => new Response(null, { status: 404 }),
} satisfies ExportedHandler;
