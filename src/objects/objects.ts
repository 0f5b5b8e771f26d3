import type { Settings } from "#src/kernel/config.ts";
import { anywhere, jurisdictionSchema, type Placement } from "#src/kernel/placement.ts";
import type { AccessGateApi } from "./access-gate-api.ts";
import { forgetLease } from "./access-lease.ts";
import { addressGateName } from "./address-gates.ts";
import type { CallCountsApi } from "./call-counts-api.ts";
import type { CircuitBreakerApi } from "./circuit-breaker-api.ts";
import type { ConversationApi } from "./conversation-api.ts";
import type { ConversationSearchApi } from "./conversation-search-api.ts";
import { type LogRingApi, logRingName } from "./log-ring-api.ts";
import type { MemoriesApi } from "./memories-api.ts";
import { type Named, type PlacementOf, placedObject } from "./placed-object.ts";
import { type PlatformMetricsApi, platformMetricsName } from "./platform-metrics-api.ts";
import { shardName, shardOfRun } from "./run-id.ts";
import { shardOf, shardsOf } from "./shards.ts";
import type { TenantHubApi } from "./tenant-hub-api.ts";
import type { TenantObject } from "./tenant-object.ts";
import type { TenantPersonalisationApi } from "./tenant-personalisation-api.ts";
import type { WebhookEndpointApi } from "./webhook-endpoint-api.ts";

/** The bindings of the Durable Object classes. */
export interface ObjectBindings {
  TENANT_WORKFLOWS: Named<TenantObject>;
  TENANT_HUB: Named<TenantHubApi & Pick<Fetcher, "fetch">>;
  ACCESS_GATE: Named<AccessGateApi>;
  CIRCUIT_BREAKER: Named<CircuitBreakerApi>;
  PLATFORM_METRICS: Named<PlatformMetricsApi>;
  WEBHOOK_ENDPOINTS: Named<WebhookEndpointApi>;
  LOG_RING: Named<LogRingApi>;
  CONVERSATIONS: Named<ConversationApi & Pick<Fetcher, "fetch">>;
  CONVERSATION_SEARCH: Named<ConversationSearchApi>;
  TENANT_PERSONALISATION: Named<TenantPersonalisationApi>;
}

/** The Durable Objects, by whom they belong to and what they hold; where a tenant's are has to be known first. */
export interface TenantObjects {
  /** The tenant's first workflow object: the only one, unless the tenant is spread, and always the one with its event log. */
  workflows(clientId: string): Promise<TenantObject>;
  /** All workflow objects of a tenant. */
  allWorkflows(clientId: string): Promise<TenantObject[]>;
  workflowsOfRun(clientId: string, runId: string): Promise<TenantObject>;
  /** The object that holds the runs of an instance, and what it remembers. */
  workflowsOfInstance(clientId: string, instanceId: string): Promise<TenantObject>;
  /** The tenant's workflow objects but the one that holds the runs of an instance: none, unless the tenant is spread. */
  otherWorkflows(clientId: string, instanceId: string): Promise<TenantObject[]>;
  /** All objects that hold memories of a tenant. */
  allMemories(clientId: string): Promise<MemoriesApi[]>;
}

/** How to find conversations. */
export interface ConversationObjects {
  /** A conversation of the tenant's. */
  conversation(clientId: string, conversationId: string): Promise<ConversationApi & Pick<Fetcher, "fetch">>;
}

/** How to find who is there. */
export interface HubObjects {
  /** The hub with a tenant's sockets, or one of those over which they are spread. */
  hub(clientId: string, shard: number): Promise<TenantHubApi & Pick<Fetcher, "fetch">>;
}

/** How to find what tenants know of persons. */
export interface PersonalisationObjects {
  personalisation(clientId: string): Promise<TenantPersonalisationApi>;
}

export interface Objects extends TenantObjects, ConversationObjects, HubObjects, PersonalisationObjects {
  /** The tenant's access gate; what is changed there counts in this isolate at once. */
  gate(clientId: string): Promise<AccessGateApi>;
  /** The gate that counts the calls from a network, of who has not said who they are. */
  addressGate(network: string): CallCountsApi;
  /** The endpoint of one of a tenant's webhooks. */
  webhook(clientId: string, webhookId: string): Promise<WebhookEndpointApi>;
  /** What is found of a tenant's conversations. */
  conversationSearch(clientId: string): Promise<ConversationSearchApi>;
  /** The circuit breaker of a provider. */
  breaker(provider: string): CircuitBreakerApi;
  /** What all isolates have counted. */
  metrics(): PlatformMetricsApi;
  /** The last lines that all isolates have logged. */
  logs(): LogRingApi;
}

/** The objects of an object's own tenant, as it finds them: where it is itself. */
export interface OwnObjects {
  workflows(clientId: string): TenantObject;
  workflowsOfRun(clientId: string, runId: string): TenantObject;
  workflowsOfInstance(clientId: string, instanceId: string): TenantObject;
  hub(clientId: string, shard: number): TenantHubApi;
  gate(clientId: string): AccessGateApi;
  webhook(clientId: string, webhookId: string): WebhookEndpointApi;
  conversation(clientId: string, conversationId: string): ConversationApi;
  conversationSearch(clientId: string): ConversationSearchApi;
  personalisation(clientId: string): TenantPersonalisationApi;
}

type ShardSettings = Pick<Settings, "WORKFLOW_SHARDS">;

/** How to find the objects that hold a tenant's runs. */
export function tenantObjects(
  { TENANT_WORKFLOWS }: Pick<ObjectBindings, "TENANT_WORKFLOWS">,
  settings: ShardSettings,
  placementOf: PlacementOf,
): TenantObjects {
  const shard = async (clientId: string, number: number) =>
    placedObject(TENANT_WORKFLOWS, shardName(clientId, number), await placementOf(clientId));
  const all = (clientId: string) =>
    Promise.all(Array.from({ length: shardsOf(settings, clientId) }, (_, number) => shard(clientId, number)));
  return {
    workflows: (clientId) => shard(clientId, 0),
    allWorkflows: all,
    workflowsOfRun: (clientId, runId) => shard(clientId, shardOfRun(runId)),
    workflowsOfInstance: (clientId, instanceId) => shard(clientId, shardOf(settings, clientId, instanceId)),
    otherWorkflows: async (clientId, instanceId) => {
      const own = shardOf(settings, clientId, instanceId);
      return (await all(clientId)).filter((_, number) => number !== own);
    },
    allMemories: all,
  };
}

/** How to find a hub of a tenant whose place is known. */
export const hubOf = (
  { TENANT_HUB }: Pick<ObjectBindings, "TENANT_HUB">,
  clientId: string,
  shard: number,
  placement: Placement,
) => placedObject(TENANT_HUB, shardName(clientId, shard), placement);

/** What the endpoint of a tenant's webhook is called: nobody else's has that name. */
const endpointName = (clientId: string, webhookId: string): string => `${clientId}:${webhookId}`;

/** What a conversation of a tenant is called. */
export const conversationName = (clientId: string, conversationId: string): string =>
  `${clientId}/${conversationId}`;

/**
 * How an object finds the others of its tenant.
 * @param id its own; they are in the same jurisdiction
 */
export function ownObjects(
  {
    TENANT_WORKFLOWS,
    TENANT_HUB,
    ACCESS_GATE,
    WEBHOOK_ENDPOINTS,
    CONVERSATIONS,
    CONVERSATION_SEARCH,
    TENANT_PERSONALISATION,
  }: Pick<
    ObjectBindings,
    | "TENANT_WORKFLOWS"
    | "TENANT_HUB"
    | "ACCESS_GATE"
    | "WEBHOOK_ENDPOINTS"
    | "CONVERSATIONS"
    | "CONVERSATION_SEARCH"
    | "TENANT_PERSONALISATION"
  >,
  settings: ShardSettings,
  id: Pick<DurableObjectId, "jurisdiction">,
): OwnObjects {
  const here = { ...anywhere, jurisdiction: jurisdictionSchema.parse(id.jurisdiction) };
  return {
    workflows: (clientId) => placedObject(TENANT_WORKFLOWS, clientId, here),
    workflowsOfRun: (clientId, runId) =>
      placedObject(TENANT_WORKFLOWS, shardName(clientId, shardOfRun(runId)), here),
    workflowsOfInstance: (clientId, instanceId) =>
      placedObject(TENANT_WORKFLOWS, shardName(clientId, shardOf(settings, clientId, instanceId)), here),
    hub: (clientId, shard) => hubOf({ TENANT_HUB }, clientId, shard, here),
    gate: (clientId) => placedObject(ACCESS_GATE, clientId, here),
    webhook: (clientId, webhookId) =>
      placedObject(WEBHOOK_ENDPOINTS, endpointName(clientId, webhookId), here),
    conversation: (clientId, conversationId) =>
      placedObject(CONVERSATIONS, conversationName(clientId, conversationId), here),
    conversationSearch: (clientId) => placedObject(CONVERSATION_SEARCH, clientId, here),
    personalisation: (clientId) => placedObject(TENANT_PERSONALISATION, clientId, here),
  };
}

/** How to find conversations, where their tenants are. */
export const conversationObjects = (
  { CONVERSATIONS }: Pick<ObjectBindings, "CONVERSATIONS">,
  placementOf: PlacementOf,
): ConversationObjects => ({
  conversation: async (clientId, conversationId) =>
    placedObject(CONVERSATIONS, conversationName(clientId, conversationId), await placementOf(clientId)),
});

/** How to find the hubs of tenants, where they are. */
export const hubObjects = (
  { TENANT_HUB }: Pick<ObjectBindings, "TENANT_HUB">,
  placementOf: PlacementOf,
): HubObjects => ({
  hub: async (clientId, shard) => hubOf({ TENANT_HUB }, clientId, shard, await placementOf(clientId)),
});

/** How to find what tenants know of persons, where they are. */
export const personalisationObjects = (
  { TENANT_PERSONALISATION }: Pick<ObjectBindings, "TENANT_PERSONALISATION">,
  placementOf: PlacementOf,
): PersonalisationObjects => ({
  personalisation: async (clientId) =>
    placedObject(TENANT_PERSONALISATION, clientId, await placementOf(clientId)),
});

/** How to find every object. */
export const objectsOf = (
  {
    TENANT_WORKFLOWS,
    TENANT_HUB,
    ACCESS_GATE,
    CIRCUIT_BREAKER,
    PLATFORM_METRICS,
    WEBHOOK_ENDPOINTS,
    LOG_RING,
    CONVERSATIONS,
    CONVERSATION_SEARCH,
    TENANT_PERSONALISATION,
  }: ObjectBindings,
  settings: ShardSettings,
  placementOf: PlacementOf,
): Objects => ({
  ...tenantObjects({ TENANT_WORKFLOWS }, settings, placementOf),
  ...hubObjects({ TENANT_HUB }, placementOf),
  gate: async (clientId) =>
    withoutLease(clientId, placedObject(ACCESS_GATE, clientId, await placementOf(clientId))),
  addressGate: (network) => placedObject(ACCESS_GATE, addressGateName(network), anywhere),
  webhook: async (clientId, webhookId) =>
    placedObject(WEBHOOK_ENDPOINTS, endpointName(clientId, webhookId), await placementOf(clientId)),
  ...conversationObjects({ CONVERSATIONS }, placementOf),
  ...personalisationObjects({ TENANT_PERSONALISATION }, placementOf),
  conversationSearch: async (clientId) =>
    placedObject(CONVERSATION_SEARCH, clientId, await placementOf(clientId)),
  breaker: (provider) => CIRCUIT_BREAKER.getByName(provider),
  metrics: () => PLATFORM_METRICS.getByName(platformMetricsName),
  logs: () => LOG_RING.getByName(logRingName),
});

/** A gate whose changes make this isolate ask it again, whether or not it has answered. */
function withoutLease(clientId: string, gate: AccessGateApi): AccessGateApi {
  const forgetting =
    <A extends unknown[], T>(change: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      try {
        return await change(...args);
      } finally {
        forgetLease(clientId);
      }
    };
  return {
    leaseSince: (since, tiersSince) => gate.leaseSince(since, tiersSince),
    lease: () => gate.lease(),
    isShutOut: (sessionId) => gate.isShutOut(sessionId),
    takeCalls: (asked) => gate.takeCalls(asked),
    admitListener: (listener) => gate.admitListener(listener),
    endRights: (userId) => gate.endRights(userId),
    revokeSessions: forgetting((ids: readonly string[], until: number) => gate.revokeSessions(ids, until)),
    changeTiers: forgetting((changes: Parameters<AccessGateApi["changeTiers"]>[0]) =>
      gate.changeTiers(changes),
    ),
    setTenantActive: forgetting((active: boolean) => gate.setTenantActive(active)),
  };
}
