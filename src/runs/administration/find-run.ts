import type { z } from "@hono/zod-openapi";
import type { Account } from "#src/kernel/actor.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { RunsApi } from "#src/objects/runs-api.ts";
import type { Platform } from "#src/platform.ts";
import type { administeredRunDetailSchema } from "./schemas.ts";
import { tenantOfRun } from "./tenant-of-run.ts";

/** A run as it is now, with whose it is and the object that holds it. */
export interface FoundRun {
  run: z.infer<typeof administeredRunDetailSchema>;
  tenant: RunsApi;
}

/**
 * A run of any tenant: the read model says whose it is, the tenant's object how it stands.
 * @throws AppError `NOT_FOUND`
 */
export async function findRun(
  platform: Pick<Platform, "db" | "objects">,
  actor: Account,
  correlationId: string,
  named?: string,
): Promise<FoundRun> {
  const { row, clientId, tenant } = await tenantOfRun(platform, actor, correlationId, named);
  const run = valueOrThrow(await tenant.getRun(correlationId, "tenant"));
  return {
    tenant,
    run: {
      ...run,
      client_id: clientId,
      user_id: row?.userId ?? null,
      project_id: row?.projectId ?? null,
      template_id: row?.templateId ?? null,
    },
  };
}
