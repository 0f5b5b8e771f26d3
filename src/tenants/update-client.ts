import { type Action, auditAction } from "#src/audit/audit-action.ts";
import type { Database } from "#src/db/client.ts";
import { type Account, requireRole } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Clock } from "#src/kernel/clock.ts";
import type { Device } from "#src/kernel/device.ts";
import { mergeConfig } from "#src/kernel/merge-config.ts";
import type { AccessGateApi } from "#src/objects/access-gate-api.ts";
import type { TenantWorkflowsApi } from "#src/objects/tenant-workflows-api.ts";
import {
  type ClientRow,
  canBecome,
  clientsWithPendingGate,
  markGateTold,
  updateClientRow,
} from "./client-repository.ts";
import { clientWithin } from "./client-within.ts";
import { parseSettings } from "./parse-settings.ts";
import type { UpdateClient } from "./schemas.ts";

export interface TenantContext {
  db: Database;
  clock: Clock;
  /** Where the request came from; none when the platform acts by itself. */
  device?: Device;
  /** The access gate of a tenant. */
  gateOf(clientId: string): Pick<AccessGateApi, "setTenantActive">;
  /** Every workflow object of a tenant. */
  workflowsOf(clientId: string): readonly Pick<TenantWorkflowsApi, "setTenantActive">[];
}

const maxAttempts = 5;
const sweepSize = 100;

/**
 * The gate and the workflow objects are told until they have heard: a crash in between leaves the row pending for
 * the sweep.
 */
async function notifyGates(
  { db, gateOf, workflowsOf }: TenantContext,
  { id, isActive }: ClientRow,
): Promise<void> {
  await gateOf(id).setTenantActive(isActive);
  await Promise.all(workflowsOf(id).map((tenant) => tellWorkflows(tenant, isActive)));
  await markGateTold(db, id, isActive);
}

/** A call cancels as many runs as it can at once; from the first on, no further ones begin. */
async function tellWorkflows(
  tenant: Pick<TenantWorkflowsApi, "setTenantActive">,
  isActive: boolean,
): Promise<void> {
  for (let before = Number.POSITIVE_INFINITY; before > 0; ) {
    const left = await tenant.setTenantActive(isActive);
    if (left > 0 && left >= before) throw new Error(`${left} runs of a client that is switched off go on`);
    before = left;
  }
}

/**
 * Changes a tenant; what is left out stays, `settings` are laid over those there are.
 * With `is_active` false nobody of it can sign in, tokens that are out stop working, and what it executes is cancelled.
 * @throws AppError `NOT_FOUND`; `VALIDATION_ERROR`; `BAD_REQUEST` for switching off one's own tenant; `CONFLICT`
 */
export async function updateClient(
  context: TenantContext,
  actor: Account,
  clientId: string,
  request: UpdateClient,
): Promise<ClientRow> {
  requireRole(actor, "admin");
  const { display_name, settings, is_active } = request;
  if (is_active === false && clientId === actor.clientId) {
    throw new AppError("BAD_REQUEST", { message: "You cannot switch off your own tenant" });
  }
  const { db, clock } = context;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const before = await clientWithin(db, actor, clientId);
    const after: ClientRow = {
      ...before,
      displayName: display_name ?? before.displayName,
      settings: settings ? parseSettings(mergeConfig(before.settings, settings)) : before.settings,
      isActive: is_active ?? before.isActive,
      gatePending: before.gatePending || is_active !== undefined,
      // Strictly later, because it also tells whether somebody else was here.
      updatedAt: Math.max(clock.now(), before.updatedAt + 1),
    };
    const action: Action = {
      action: "client.updated",
      target: { type: "client", id: clientId },
      clientId,
      details: { changed: Object.keys(request), is_active: after.isActive },
    };
    const [, { meta }] = await db.batch([
      auditAction(context, actor, action, canBecome(before)),
      updateClientRow(db, before, after),
    ]);
    if (meta.changes === 0) continue;
    if (after.gatePending) await notifyGates(context, after);
    return after;
  }
  throw new AppError("CONFLICT", { message: "The client is being changed by others; try again" });
}

/** The cron job: tells the gates that a crash kept from hearing. */
export async function sweepGates(context: TenantContext): Promise<void> {
  for (const row of await clientsWithPendingGate(context.db, sweepSize)) await notifyGates(context, row);
}
