import type { RunsApi } from "#src/objects/runs-api.ts";
import type { Platform } from "#src/platform.ts";
import { type ClientRow, clientsWithPendingGate, markGateTold } from "./client-repository.ts";

const sweepSize = 100;

/**
 * Tells whether a tenant is switched on: its gate, which lets nobody in, its hub, which closes sockets, and its workflow
 * objects, which execute nothing. A crash in between leaves the row pending for the sweep.
 */
export async function tellGate(
  { db, objects }: Pick<Platform, "db" | "objects">,
  { id, isActive }: Pick<ClientRow, "id" | "isActive">,
): Promise<void> {
  await objects.gate(id).setTenantActive(isActive);
  if (!isActive) await objects.hub(id).endAll();
  await Promise.all(objects.allWorkflows(id).map((tenant) => tellWorkflows(tenant, isActive)));
  await markGateTold(db, id, isActive);
}

/** A call cancels as many runs as it can at once; from the first on, no further ones begin. */
async function tellWorkflows(tenant: Pick<RunsApi, "setTenantActive">, isActive: boolean): Promise<void> {
  for (let before = Number.POSITIVE_INFINITY; before > 0; ) {
    const left = await tenant.setTenantActive(isActive);
    if (left > 0 && left >= before) throw new Error(`${left} runs of a client that is switched off go on`);
    before = left;
  }
}

/** The cron job: tells the gates that a crash kept from hearing. */
export async function sweepGates(platform: Pick<Platform, "db" | "objects">): Promise<void> {
  for (const row of await clientsWithPendingGate(platform.db, sweepSize)) await tellGate(platform, row);
}
