import { auditAction } from "#src/audit/index.ts";
import { type MemoryConfig, memoryConfigOf } from "#src/engine/memory-config.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { MemoriesApi } from "#src/objects/memories-api.ts";
import type { Platform } from "#src/platform.ts";
import { findInstance } from "../instances/instance-repository.ts";

/**
 * The memory of an instance within the caller's reach, and how the instance wants it kept.
 * @param action what is about to be changed in it, remembered first where it is not the caller's own; none to read
 * @throws AppError `NOT_FOUND`
 */
export async function instanceMemory(
  platform: Pick<Platform, "db" | "clock" | "objects">,
  actor: Account,
  instanceId: string,
  action?: "memory.created" | "memory.changed" | "memory.removed",
): Promise<{ memory: MemoriesApi; config: MemoryConfig }> {
  const { db, objects } = platform;
  const instance = await findInstance(db, actor, instanceId);
  if (!instance) throw new AppError("NOT_FOUND", { message: "No such persona instance" });
  if (action !== undefined && instance.ownerUserId !== actor.userId) {
    await auditAction(platform, actor, { action, target: { type: "instance", id: instanceId } });
  }
  return {
    memory: await objects.workflowsOfInstance(instance.clientId, instance.id),
    config: memoryConfigOf(instance.config),
  };
}
