import type { DurableObjectNamespaces } from "#durable-objects/environment.ts";
import { shardOfRun, workflowsObjectName } from "#src/objects/run-id.ts";
import type { TenantMemoryApi } from "#src/objects/tenant-memory-api.ts";
import type { TenantWorkflowsApi } from "#src/objects/tenant-workflows-api.ts";

type Env = Pick<DurableObjectNamespaces, "TENANT_WORKFLOWS">;

/** The tenant's workflow object of a shard. */
export const tenantWorkflows = (env: Env, clientId: string, shard = 0): TenantWorkflowsApi =>
  env.TENANT_WORKFLOWS.getByName(workflowsObjectName(clientId, shard));

/** The memories that a shard of the tenant keeps. */
export const tenantMemory = (env: Env, clientId: string, shard: number): TenantMemoryApi =>
  env.TENANT_WORKFLOWS.getByName(workflowsObjectName(clientId, shard));

/** The workflow object that holds a run. */
export const tenantWorkflowsOfRun = (env: Env, clientId: string, runId: string): TenantWorkflowsApi =>
  tenantWorkflows(env, clientId, shardOfRun(runId));
