import { env } from "cloudflare:workers";
import type { AccessGateApi } from "#src/objects/access-gate-api.ts";
import type { CircuitBreakerApi } from "#src/objects/circuit-breaker-api.ts";
import { shardName, shardOfRun } from "#src/objects/run-id.ts";
import type { TenantHubApi } from "#src/objects/tenant-hub-api.ts";
import type { TenantObject } from "#src/objects/tenant-object.ts";

/** The tenant's workflow object of a shard. */
export const tenantObject = (clientId: string, shard = 0): TenantObject =>
  env.TENANT_WORKFLOWS.getByName(shardName(clientId, shard));

/** The workflow object that holds a run. */
export const tenantObjectOfRun = (clientId: string, runId: string): TenantObject =>
  tenantObject(clientId, shardOfRun(runId));

export const tenantHub = (clientId: string, shard = 0): TenantHubApi =>
  env.TENANT_HUB.getByName(shardName(clientId, shard));

/** A tenant's gate as other isolates change it: what this isolate holds of it stays. */
export const accessGate = (clientId: string): AccessGateApi => env.ACCESS_GATE.getByName(clientId);

export const circuitBreaker = (provider: string): CircuitBreakerApi =>
  env.CIRCUIT_BREAKER.getByName(provider);
