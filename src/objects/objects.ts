import type { Settings } from "#src/kernel/config.ts";
import type { AccessGateApi } from "./access-gate-api.ts";
import { forgetLease } from "./access-lease.ts";
import type { CircuitBreakerApi } from "./circuit-breaker-api.ts";
import type { MemoriesApi } from "./memories-api.ts";
import { shardName, shardOfRun } from "./run-id.ts";
import { shardOf, shardsOf } from "./shards.ts";
import type { TenantHubApi } from "./tenant-hub-api.ts";
import type { TenantObject } from "./tenant-object.ts";

/** Where objects of a class are found by their names. */
interface Named<T> {
  getByName(name: string): T;
}

/** The bindings of the Durable Object classes. */
export interface ObjectBindings {
  TENANT_WORKFLOWS: Named<TenantObject>;
  TENANT_HUB: Named<TenantHubApi & Pick<Fetcher, "fetch">>;
  ACCESS_GATE: Named<AccessGateApi>;
  CIRCUIT_BREAKER: Named<CircuitBreakerApi>;
}

/** The Durable Objects, by whom they belong to and what they hold. */
export interface TenantObjects {
  /** The tenant's first workflow object: the only one, unless the tenant is spread, and always the one with its event log. */
  workflows(clientId: string): TenantObject;
  /** All workflow objects of a tenant. */
  allWorkflows(clientId: string): TenantObject[];
  workflowsOfRun(clientId: string, runId: string): TenantObject;
  /** The object that holds the runs of an instance, and what it remembers. */
  workflowsOfInstance(clientId: string, instanceId: string): TenantObject;
  /** The tenant's workflow objects but the one that holds the runs of an instance: none, unless the tenant is spread. */
  otherWorkflows(clientId: string, instanceId: string): TenantObject[];
  /** All objects that hold memories of a tenant. */
  allMemories(clientId: string): MemoriesApi[];
}

export interface Objects extends TenantObjects {
  /** The hub with a tenant's sockets, or one of those over which they are spread. */
  hub(clientId: string, shard: number): TenantHubApi & Pick<Fetcher, "fetch">;
  /** The tenant's access gate; what is changed there counts in this isolate at once. */
  gate(clientId: string): AccessGateApi;
  /** The circuit breaker of a provider. */
  breaker(provider: string): CircuitBreakerApi;
}

type ShardSettings = Pick<Settings, "WORKFLOW_SHARDS">;

/** How to find the objects that hold a tenant's runs. */
export function tenantObjects(
  { TENANT_WORKFLOWS }: Pick<ObjectBindings, "TENANT_WORKFLOWS">,
  settings: ShardSettings,
): TenantObjects {
  const shard = (clientId: string, number: number) => TENANT_WORKFLOWS.getByName(shardName(clientId, number));
  const all = (clientId: string) =>
    Array.from({ length: shardsOf(settings, clientId) }, (_, number) => shard(clientId, number));
  return {
    workflows: (clientId) => shard(clientId, 0),
    allWorkflows: all,
    workflowsOfRun: (clientId, runId) => shard(clientId, shardOfRun(runId)),
    workflowsOfInstance: (clientId, instanceId) => shard(clientId, shardOf(settings, clientId, instanceId)),
    otherWorkflows: (clientId, instanceId) => {
      const own = shardOf(settings, clientId, instanceId);
      return all(clientId).filter((_, number) => number !== own);
    },
    allMemories: all,
  };
}

/** How to find a hub of a tenant. */
export const hubOf = ({ TENANT_HUB }: Pick<ObjectBindings, "TENANT_HUB">, clientId: string, shard: number) =>
  TENANT_HUB.getByName(shardName(clientId, shard));

/** How to find every object. */
export const objectsOf = (bindings: ObjectBindings, settings: ShardSettings): Objects => ({
  ...tenantObjects(bindings, settings),
  hub: (clientId, shard) => hubOf(bindings, clientId, shard),
  gate: (clientId) => withoutLease(clientId, bindings.ACCESS_GATE.getByName(clientId)),
  breaker: (provider) => bindings.CIRCUIT_BREAKER.getByName(provider),
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
    revokeSessions: forgetting((ids: readonly string[], until: number) => gate.revokeSessions(ids, until)),
    changeTiers: forgetting((changes: Parameters<AccessGateApi["changeTiers"]>[0]) =>
      gate.changeTiers(changes),
    ),
    setTenantActive: forgetting((active: boolean) => gate.setTenantActive(active)),
  };
}
