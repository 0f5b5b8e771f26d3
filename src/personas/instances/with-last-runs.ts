import type { z } from "@hono/zod-openapi";
import { isoTime } from "#src/kernel/clock.ts";
import type { Platform } from "#src/platform.ts";
import type { instanceSchema } from "./schemas.ts";

type InstanceView = z.infer<typeof instanceSchema>;

/** Instances of a tenant, each with the run of its that began last. */
export async function withLastRuns(
  { history }: Pick<Platform, "history">,
  clientId: string,
  instances: readonly InstanceView[],
): Promise<InstanceView[]> {
  const ids = instances.map(({ id }) => id);
  const last = await history.lastOfInstances(clientId, ids);
  return instances.map((instance) => {
    const run = last.get(instance.id);
    return {
      ...instance,
      last_run: run ? { id: run.correlationId, status: run.status, at: isoTime(run.createdAt) } : null,
    };
  });
}
