import { AppError } from "../http/app-error.ts";
import type { Principal } from "../identity/principal.ts";
import { type MemoryConfig, memoryConfigOf } from "../memory/memory-config.ts";
import type { TenantMemoryApi } from "../memory/tenant-memory-api.ts";
import { auditAction } from "./audit-action.ts";
import type { PersonaContext } from "./create-template.ts";
import { findInstance } from "./instance-repository.ts";

export interface MemoryContext extends PersonaContext {
  /** The object that holds the memories of an instance of a tenant. */
  memoryOf(clientId: string, instanceId: string): TenantMemoryApi;
}

/**
 * The memory of an instance that the caller may see, their own or, for administrators, one of their tenant.
 * @param action what is about to be changed in it, remembered first where it is not the caller's own; none to read
 * @throws AppError `NOT_FOUND`
 */
export async function instanceMemory(
  context: MemoryContext,
  principal: Principal,
  instanceId: string,
  action?: "memory.created" | "memory.changed" | "memory.removed",
): Promise<{ memory: TenantMemoryApi; config: MemoryConfig }> {
  const instance = await findInstance(context.db, principal, instanceId);
  if (!instance) throw new AppError("NOT_FOUND", { message: "No such persona instance" });
  if (action !== undefined && instance.ownerUserId !== principal.userId) {
    await auditAction(context, principal, { action, target: { type: "instance", id: instanceId } });
  }
  return {
    memory: context.memoryOf(instance.clientId, instance.id),
    config: memoryConfigOf(instance.config),
  };
}
