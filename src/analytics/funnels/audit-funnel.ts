import type { SQL } from "drizzle-orm";
import { auditAction } from "#src/audit/index.ts";
import type { Account } from "#src/kernel/actor.ts";
import type { Platform } from "#src/platform.ts";
import type { FunnelRow } from "./funnel-repository.ts";

/** Remembers what somebody has done with a funnel; stands before that in its batch. */
export const auditFunnel = (
  platform: Pick<Platform, "db" | "clock">,
  actor: Account,
  action: "funnel.created" | "funnel.updated" | "funnel.deleted",
  { id, clientId, name }: Pick<FunnelRow, "id" | "clientId" | "name">,
  when?: SQL,
) =>
  auditAction(platform, actor, { action, target: { type: "funnel", id }, clientId, details: { name } }, when);
