import type { ActingContext } from "#src/audit/acting-context.ts";
import { auditAction } from "#src/audit/audit-action.ts";
import { type MemoryConfig, memoryConfigOf } from "#src/engine/memory-config.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { TenantMemoryApi } from "#src/objects/tenant-memory-api.ts";
import { findInstance } from "./instance-repository.ts";

export interface MemoryContext extends ActingContext {
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
  actor: Account,
  instanceId: string,
  action?: "memory.created" | "memory.changed" | "memory.removed",
): Promise<{ memory: TenantMemoryApi; config: MemoryConfig }> {
  const instance = await findInstance(context.db, actor, instanceId);
  if (!instance) throw new AppError("NOT_FOUND", { message: "No such persona instance" });
  if (action !== undefined && instance.ownerUserId !== actor.userId) {
    await auditAction(context, actor, { action, target: { type: "instance", id: instanceId } });
  }
  return {
    memory: context.memoryOf(instance.clientId, instance.id),
    config: memoryConfigOf(instance.config),
  };
}
