import { allHubShards, type HubSpread } from "#src/objects/hub-spread.ts";
import type { RunsApi } from "#src/objects/runs-api.ts";
import type { Platform } from "#src/platform.ts";
import { type ClientRow, clientsWithPendingGate, markGateTold } from "./client-repository.ts";

const sweepSize = 100;

/**
 * Tells whether a tenant is switched on: its gate, which lets nobody in, its hubs, which close sockets, and its workflow
 * objects, which execute nothing; and hubs and workflow objects, over how many hubs its sockets are spread. A crash in between leaves the row pending for the sweep.
 */
export async function tellGate(
  { db, clock, objects }: Pick<Platform, "db" | "clock" | "objects">,
  row: Pick<ClientRow, "id" | "isActive"> & HubSpread,
): Promise<void> {
  const { id, isActive } = row;
  await (await objects.gate(id)).setTenantActive(isActive);
  const workflows = await objects.allWorkflows(id);
  // First those who tell the hubs: nothing is told where a socket has just left.
  await Promise.all(workflows.map((tenant) => tenant.spreadHubs(spreadOf(row))));
  await Promise.all(
    allHubShards(row, clock.now()).map(async (shard) => {
      const hub = await objects.hub(id, shard);
      await (isActive ? hub.settle(shard, row) : hub.endAll());
    }),
  );
  await Promise.all(workflows.map((tenant) => tellWorkflows(tenant, isActive)));
  await markGateTold(db, row);
}

const spreadOf = ({ hubShards, hubShardsBefore, hubShardsAt }: HubSpread): HubSpread => ({
  hubShards,
  hubShardsBefore,
  hubShardsAt,
});

/** A call cancels as many runs as it can at once; from the first on, no further ones begin. */
async function tellWorkflows(tenant: Pick<RunsApi, "setTenantActive">, isActive: boolean): Promise<void> {
  for (let before = Number.POSITIVE_INFINITY; before > 0; ) {
    const left = await tenant.setTenantActive(isActive);
    if (left > 0 && left >= before) throw new Error(`${left} runs of a client that is switched off go on`);
    before = left;
  }
}

/**
 * The cron job: tells the gates that a crash kept from hearing. One tenant's failure holds up no other.
 * @returns of how many tenants
 */
export async function sweepGates(platform: Pick<Platform, "db" | "clock" | "objects">): Promise<number> {
  const pending = await clientsWithPendingGate(platform.db, sweepSize);
  const failures: unknown[] = [];
  for (const row of pending)
    await tellGate(platform, row).catch((error: unknown) => void failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, "Access gates remain to be told");
  return pending.length;
}
