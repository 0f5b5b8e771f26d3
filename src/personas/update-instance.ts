import { changeInstance } from "./change-instance.ts";
import { parseMergedConfig, requireValidPlan } from "./check-config.ts";
import type { PersonaContext } from "./create-template.ts";
import type { InstanceRow } from "./instance-repository.ts";
import type { InstanceScope } from "./instance-scope.ts";
import { mergeConfig } from "./merge-config.ts";
import type { UpdateInstance } from "./schemas.ts";

/**
 * Changes an instance within the scope; what is left out stays, `config` is laid over what there is.
 * @throws AppError `NOT_FOUND`; `VALIDATION_ERROR`; `WORKFLOW_INVALID`; `CONFLICT`
 */
export const updateInstance = (
  { db, clock }: PersonaContext,
  scope: InstanceScope,
  id: string,
  request: UpdateInstance,
): Promise<InstanceRow> =>
  changeInstance(db, scope, id, clock.now(), async (before) => {
    const after = {
      ...before,
      name: request.name ?? request.instance_name ?? before.name,
      projectId: request.project_id === undefined ? before.projectId : request.project_id,
    };
    if (request.config !== undefined) {
      const config = parseMergedConfig(mergeConfig(before.config, request.config));
      await requireValidPlan(db, config);
      after.config = config;
    }
    const changed = Object.keys(request).map((key) => (key === "instance_name" ? "name" : key));
    return { after, event: [{ name: "instance.updated", data: { name: after.name, changed } }] };
  });
