import type { Principal } from "../identity/principal.ts";
import type { TenantWorkflowsApi } from "../workflows/tenant-workflows-api.ts";
import { changeInstance } from "./change-instance.ts";
import type { PersonaContext } from "./create-template.ts";
import type { InstanceScope } from "./instance-scope.ts";

/**
 * Deletes an instance (softly: its runs stay readable) and cancels what it still executes.
 * @throws AppError `NOT_FOUND`; `CONFLICT`
 */
export async function deleteInstance(
  context: PersonaContext & { workflows: readonly TenantWorkflowsApi[] },
  principal: Principal,
  scope: InstanceScope,
  id: string,
): Promise<void> {
  await changeInstance(context, principal, scope, id, (before) => ({
    after: { ...before, deletedAt: context.clock.now() },
    events: [{ name: "instance.deleted", data: { name: before.name } }],
  }));
  await Promise.all(
    context.workflows.map((tenant) =>
      tenant.cancelRunsOfInstance(id, "tenant", "The persona instance was deleted"),
    ),
  );
}
