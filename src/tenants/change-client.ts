import { type Action, auditAction } from "#src/audit/index.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { mergeConfig } from "#src/kernel/merge-config.ts";
import { spreadOver } from "#src/objects/hub-spread.ts";
import type { Platform } from "#src/platform.ts";
import { type ClientRow, canBecome, updateClientRow } from "./client-repository.ts";
import { clientWithin } from "./client-within.ts";
import { parseSettings } from "./parse-settings.ts";
import type { UpdateClient } from "./schemas.ts";
import { tellGate } from "./tell-gate.ts";

const maxAttempts = 5;

/**
 * Changes a tenant; what is left out stays, `settings` are laid over those there are.
 * With `is_active` false nobody of it can sign in, tokens that are out stop working, and what it executes is cancelled.
 * @throws AppError `NOT_FOUND`; `VALIDATION_ERROR`; `BAD_REQUEST` for switching off one's own tenant; `CONFLICT`
 */
export async function changeClient(
  platform: Pick<Platform, "db" | "clock" | "objects">,
  actor: Account,
  clientId: string,
  request: UpdateClient,
): Promise<ClientRow> {
  const { settings, hub_shards, ...fields } = request;
  const { is_active } = fields;
  if (is_active === false && clientId === actor.clientId) {
    throw new AppError("BAD_REQUEST", { message: "You cannot switch off your own tenant" });
  }
  if (hub_shards !== undefined && actor.scope !== "platform") {
    throw new AppError("INSUFFICIENT_PERMISSIONS", {
      message: "Only the operator's administrators may spread a hub",
    });
  }
  const { db, clock } = platform;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const before = await clientWithin(db, actor, clientId);
    // Strictly later, because it also tells whether somebody else was here.
    const updatedAt = Math.max(clock.now(), before.updatedAt + 1);
    const isSpread = hub_shards !== undefined && hub_shards !== before.hubShards;
    const after: ClientRow = {
      ...before,
      ...columnsOf(fields),
      ...(isSpread && spreadOver(hub_shards, before, updatedAt)),
      settings: settings ? parseSettings(mergeConfig(before.settings, settings)) : before.settings,
      gatePending: before.gatePending || is_active !== undefined || isSpread,
      updatedAt,
    };
    const action: Action = {
      action: "client.updated",
      target: { type: "client", id: clientId },
      clientId,
      details: { changed: Object.keys(request), is_active: after.isActive },
    };
    const [, { meta }] = await db.batch([
      auditAction(platform, actor, action, canBecome(before)),
      updateClientRow(db, before, after),
    ]);
    if (meta.changes === 0) continue;
    if (after.gatePending) await tellGate(platform, after);
    return after;
  }
  throw new AppError("CONFLICT", { message: "The client is being changed by others; try again" });
}
