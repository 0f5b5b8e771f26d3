import type { Database } from "../db/client.ts";
import { AppError } from "../http/app-error.ts";
import type { Principal } from "../identity/principal.ts";
import { type MemoryConfig, memoryConfigOf } from "../memory/memory-config.ts";
import type { TenantMemoryApi } from "../memory/tenant-memory-api.ts";
import { findInstance } from "./instance-repository.ts";

export interface MemoryContext {
  db: Database;
  /** The object that holds the memories of an instance of a tenant. */
  memoryOf(clientId: string, instanceId: string): TenantMemoryApi;
}

/**
 * The memory of an instance that the caller may see, their own or, for administrators, one of their tenant.
 * @throws AppError `NOT_FOUND`
 */
export async function instanceMemory(
  { db, memoryOf }: MemoryContext,
  principal: Principal,
  instanceId: string,
): Promise<{ memory: TenantMemoryApi; config: MemoryConfig }> {
  const instance = await findInstance(db, principal, instanceId);
  if (!instance) throw new AppError("NOT_FOUND", { message: "No such persona instance" });
  return { memory: memoryOf(instance.clientId, instance.id), config: memoryConfigOf(instance.config) };
}
