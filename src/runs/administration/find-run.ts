import type { z } from "@hono/zod-openapi";
import { type Account, reaches } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { RunsApi } from "#src/objects/runs-api.ts";
import type { Platform } from "#src/platform.ts";
import { findRunOfAny } from "./run-query-repository.ts";
import type { administeredRunDetailSchema } from "./schemas.ts";

/** A run as it is now, with whose it is and the object that holds it. */
export interface FoundRun {
  run: z.infer<typeof administeredRunDetailSchema>;
  tenant: RunsApi;
}

/**
 * A run of any tenant: the read model says whose it is, the tenant's object how it stands. One that has begun
 * this moment, and child runs, are not in the read model: those are looked for in the tenant that is named, else in
 * the administrator's own.
 * @throws AppError `NOT_FOUND`
 */
export async function findRun(
  { db, objects }: Pick<Platform, "db" | "objects">,
  actor: Account,
  correlationId: string,
  named?: string,
): Promise<FoundRun> {
  const row = await findRunOfAny(db, correlationId);
  const clientId = row?.clientId ?? named ?? actor.clientId;
  if (!reaches(actor, clientId)) throw new AppError("NOT_FOUND");
  const tenant = objects.workflowsOfRun(clientId, correlationId);
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
