import type { z } from "@hono/zod-openapi";
import type { Account } from "#src/kernel/actor.ts";
import { mergeConfig } from "#src/kernel/merge-config.ts";
import type { Platform } from "#src/platform.ts";
import { parseMergedConfig, requireValidPlan } from "../templates/check-config.ts";
import { changeInstance, type InstanceChange } from "./change-instance.ts";
import { requireProjectOf } from "./check-project.ts";
import type { InstanceRow } from "./instance-repository.ts";
import type { InstanceScope } from "./instance-scope.ts";
import type { instanceSchema, UpdateInstance } from "./schemas.ts";
import { viewOfInstance } from "./views.ts";

/**
 * Changes an instance within a scope, the caller's unless told otherwise.
 * @throws AppError as `changeInstance` and `updated`
 */
export async function updateInstanceWithin(
  platform: Pick<Platform, "db" | "clock" | "settings" | "tell">,
  actor: Account,
  id: string,
  request: UpdateInstance,
  scope: InstanceScope = actor,
): Promise<z.infer<typeof instanceSchema>> {
  const { db } = platform;
  const changed = Object.keys(request).map((key) => (key === "instance_name" ? "name" : key));
  const change = async (before: InstanceRow): Promise<InstanceChange> => {
    const after = await updated(platform, before, request);
    const data = { instance_id: id, name: after.name, changed };
    return { after, events: [{ event: "instance.updated", data }] };
  };
  return viewOfInstance(db, await changeInstance(platform, actor, id, change, scope));
}

/**
 * An instance as it is asked to be; what is left out stays, `config` is laid over what there is.
 * @throws AppError `VALIDATION_ERROR`; `WORKFLOW_INVALID`; as `requireProjectOf`
 */
async function updated(
  platform: Pick<Platform, "db" | "settings">,
  before: InstanceRow,
  request: UpdateInstance,
): Promise<InstanceRow> {
  const { name = request.instance_name ?? before.name, project_id: projectId = before.projectId } = request;
  if (projectId !== null && projectId !== before.projectId)
    await requireProjectOf(platform.db, before, projectId);
  if (request.config === undefined) return { ...before, name, projectId };
  const config = parseMergedConfig(mergeConfig(before.config, request.config));
  await requireValidPlan(platform, before.clientId, config);
  return { ...before, name, projectId, config };
}
