import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { changeInstance } from "./change-instance.ts";
import { instanceParams } from "./schemas.ts";

/**
 * Deletes softly: runs stay readable. Should it break off behind the change, the tenant's object forgets what there
 * was to forget when it hears of `instance.deleted`.
 */
export const deleteInstance = operation({
  name: "deleteInstance",
  summary: "Delete a persona instance; what it executes is cancelled, what it remembers forgotten",
  input: z.object({ params: instanceParams }),
  output: z.void(),
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params: { instance_id: id } }) => {
    const { clock, objects } = platform;
    const { clientId } = await changeInstance(platform, actor, id, (before) => ({
      after: { ...before, deletedAt: clock.now() },
      events: [{ event: "instance.deleted", data: { instance_id: id, name: before.name } }],
    }));
    await Promise.all(
      (await objects.allWorkflows(clientId)).map((tenant) =>
        tenant.cancelRunsOfInstance(id, "tenant", "The persona instance was deleted", actor.userId),
      ),
    );
    // After the runs: one that goes on could remember something new.
    await Promise.all((await objects.allMemories(clientId)).map((tenant) => tenant.removeMemoriesOf([id])));
  },
});
