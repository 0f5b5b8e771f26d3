import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { endRoom } from "#src/identity/index.ts";
import { operation } from "#src/operation/operation.ts";
import { detachInstances, tellDetached } from "./detached-instances-statements.ts";
import { deactivateProject, isProjectLiving } from "./project-repository.ts";
import { reachableProject } from "./reachable-project.ts";
import { projectParams } from "./schemas.ts";

export const deleteProject = operation({
  name: "deleteProject",
  summary: "Delete a project",
  description:
    "Its persona instances stay and are in no project any more; `X-Detached-Instances` says how many there were.",
  input: z.object({ params: projectParams }),
  output: z.object({ detached_instances: z.number().int() }),
  refusals: ["INSUFFICIENT_PERMISSIONS", "NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    const { db, clock } = platform;
    const project = await reachableProject(db, actor, params.project_id);
    const now = clock.now();
    const isThere = isProjectLiving(project);
    const { clientId, id } = project;
    // Last what the others ask for.
    const [, , detached] = await db.batch([
      auditAction(
        platform,
        actor,
        { action: "project.deleted", target: { type: "project", id }, clientId },
        isThere,
      ),
      tellDetached(db, project, now, isThere),
      detachInstances(db, project, now, isThere),
      deactivateProject(db, project, now),
    ]);
    platform.told(clientId);
    platform.later("the room of a project was not ended", () => endRoom(platform, clientId, `project:${id}`));
    return { detached_instances: detached.meta.changes };
  },
});
