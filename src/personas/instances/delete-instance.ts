import type { ActingContext } from "#src/audit/acting-context.ts";
import type { Account } from "#src/kernel/actor.ts";
import type { TenantMemoryApi } from "#src/objects/tenant-memory-api.ts";
import type { TenantWorkflowsApi } from "#src/objects/tenant-workflows-api.ts";
import { changeInstance } from "./change-instance.ts";
import type { InstanceScope } from "./instance-scope.ts";

/**
 * Deletes an instance (softly: its runs stay readable), cancels what it still executes and forgets what it remembers.
 * Should this break off, the tenant's object forgets when it hears of `instance.deleted`.
 * @throws AppError `NOT_FOUND`; `CONFLICT`
 */
export async function deleteInstance(
  context: ActingContext & {
    workflows: readonly TenantWorkflowsApi[];
    memories: readonly TenantMemoryApi[];
  },
  actor: Account,
  scope: InstanceScope,
  id: string,
): Promise<void> {
  await changeInstance(context, actor, scope, id, (before) => ({
    after: { ...before, deletedAt: context.clock.now() },
    events: [{ event: "instance.deleted", data: { instance_id: id, name: before.name } }],
  }));
  await Promise.all(
    context.workflows.map((tenant) =>
      tenant.cancelRunsOfInstance(id, "tenant", "The persona instance was deleted"),
    ),
  );
  // After the runs: one that goes on could remember something new.
  await Promise.all(context.memories.map((tenant) => tenant.removeMemoriesOf([id])));
}
