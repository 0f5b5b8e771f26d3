import type { TenantWorkflowsApi } from "../workflows/tenant-workflows-api.ts";
import { changeInstance } from "./change-instance.ts";
import type { PersonaContext } from "./create-template.ts";
import type { InstanceRow } from "./instance-repository.ts";
import type { InstanceScope } from "./instance-scope.ts";

/**
 * Deletes an instance (softly: its runs stay readable) and cancels what it still executes.
 * @throws AppError `NOT_FOUND`; `CONFLICT`
 */
export async function deleteInstance(
  { db, clock, workflows }: PersonaContext & { workflows: readonly TenantWorkflowsApi[] },
  scope: InstanceScope,
  id: string,
): Promise<InstanceRow> {
  const now = clock.now();
  const deleted = await changeInstance(db, scope, id, now, (before) => ({
    after: { ...before, deletedAt: now },
    event: [{ name: "instance.deleted", data: { name: before.name } }],
  }));
  await Promise.all(
    workflows.map((tenant) => tenant.cancelRunsOfInstance(id, "tenant", "The persona instance was deleted")),
  );
  return deleted;
}
