import type { z } from "@hono/zod-openapi";
import { columnsOf } from "#src/http/columns-of.ts";
import type { Account } from "#src/kernel/actor.ts";
import { mergeConfig } from "#src/kernel/merge-config.ts";
import type { Platform } from "#src/platform.ts";
import { parseMergedConfig, requireValidPlan } from "../templates/check-config.ts";
import { changeInstance } from "./change-instance.ts";
import { requireProjectOf } from "./check-project.ts";
import type { InstanceScope } from "./instance-scope.ts";
import type { instanceSchema, UpdateInstance } from "./schemas.ts";
import { viewOfInstance } from "./views.ts";

/**
 * Changes an instance within the scope; what is left out stays, `config` is laid over what there is.
 * @throws AppError `NOT_FOUND`; `VALIDATION_ERROR`; `WORKFLOW_INVALID`; `CONFLICT`; as `requireProjectOf`
 */
export async function updateInstanceWithin(
  platform: Pick<Platform, "db" | "clock" | "tell">,
  actor: Account,
  scope: InstanceScope,
  id: string,
  request: UpdateInstance,
): Promise<z.infer<typeof instanceSchema>> {
  const { db } = platform;
  const { name, instance_name, config: own, ...fields } = request;
  const row = await changeInstance(platform, actor, scope, id, async (before) => {
    const after = { ...before, ...columnsOf(fields), name: name ?? instance_name ?? before.name };
    if (after.projectId !== null && after.projectId !== before.projectId)
      await requireProjectOf(db, before, after.projectId);
    if (own !== undefined) {
      const config = parseMergedConfig(mergeConfig(before.config, own));
      await requireValidPlan(db, before.clientId, config);
      after.config = config;
    }
    const changed = Object.keys(request).map((key) => (key === "instance_name" ? "name" : key));
    const data = { instance_id: id, name: after.name, changed };
    return { after, events: [{ event: "instance.updated", data }] };
  });
  return viewOfInstance(db, row);
}
