import type { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import type { ActingContext } from "#src/audit/acting-context.ts";
import { auditAction } from "#src/audit/audit-action.ts";
import { topicOfAgent } from "#src/engine/topics.ts";
import { type Account, requireRole } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { AuditAction } from "#src/kernel/audit-actions.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { ownerOf, requireOwner } from "#src/tenants/ownership.ts";
import {
  type AgentDefinitionRow,
  findDefinition,
  insertDefinition,
  isLivingDefinition,
  updateDefinitionRow,
} from "./agent-definition-repository.ts";
import type {
  agentDefinitionSchema,
  CreateAgentDefinition,
  UpdateAgentDefinition,
} from "./agent-definition-schemas.ts";

/** An agent definition on the wire. */
export const agentDefinitionView = (row: AgentDefinitionRow): z.infer<typeof agentDefinitionSchema> => ({
  id: row.id,
  client_id: row.clientId,
  type: row.type,
  topic: topicOfAgent(row.type),
  display_name: row.displayName,
  description: row.description,
  category: row.category,
  default_config: row.defaultConfig,
  is_active: row.isActive,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
});

const auditDefinition = (
  context: ActingContext,
  actor: Account,
  action: AuditAction,
  { id, type }: AgentDefinitionRow,
) =>
  auditAction(
    context,
    actor,
    { action, target: { type: "agent_definition", id }, details: { type } },
    isLivingDefinition(id),
  );

/**
 * Makes an agent type; plans can send it tasks from that moment on.
 * @throws AppError `CONFLICT` when there is one of that type
 */
export async function createAgentDefinition(
  context: ActingContext,
  actor: Account,
  request: CreateAgentDefinition,
): Promise<AgentDefinitionRow> {
  requireRole(actor, "admin");
  const { db, clock } = context;
  const now = clock.now();
  const row: AgentDefinitionRow = {
    id: uuidv7({ msecs: now }),
    clientId: ownerOf(actor),
    type: request.type,
    displayName: request.display_name,
    description: request.description,
    category: request.category,
    defaultConfig: request.default_config,
    isActive: true,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  const [{ meta }] = await db.batch([
    insertDefinition(db, row),
    auditDefinition(context, actor, "agent_definition.created", row),
  ]);
  if (meta.changes === 0) throw new AppError("CONFLICT", { message: "There is an agent of this type" });
  return row;
}

/** @throws AppError `NOT_FOUND` */
export async function getAgentDefinition(
  { db }: Pick<ActingContext, "db">,
  actor: Account,
  idOrType: string,
): Promise<AgentDefinitionRow> {
  requireRole(actor, "admin");
  const row = await findDefinition(db, actor, idOrType);
  if (!row) throw new AppError("NOT_FOUND", { message: "No such agent definition" });
  return row;
}

/**
 * Changes an agent type; fields left out stay, `default_config` is replaced as a
 * whole. Runs that have started keep what they started with.
 * @throws AppError `NOT_FOUND`
 */
export async function updateAgentDefinition(
  context: ActingContext,
  actor: Account,
  idOrType: string,
  request: UpdateAgentDefinition,
): Promise<AgentDefinitionRow> {
  const before = await getAgentDefinition(context, actor, idOrType);
  requireOwner(actor, before.clientId);
  const changes = {
    displayName: request.display_name ?? before.displayName,
    description: request.description ?? before.description,
    category: request.category ?? before.category,
    defaultConfig: request.default_config ?? before.defaultConfig,
    isActive: request.is_active ?? before.isActive,
    updatedAt: context.clock.now(),
  };
  const [, { meta }] = await context.db.batch([
    auditDefinition(context, actor, "agent_definition.updated", before),
    updateDefinitionRow(context.db, before.id, changes),
  ]);
  if (meta.changes === 0) throw new AppError("NOT_FOUND", { message: "No such agent definition" });
  return { ...before, ...changes };
}

/**
 * Deletes an agent type softly: its topic leads nowhere any more, and its name is free again.
 * @throws AppError `NOT_FOUND`
 */
export async function deleteAgentDefinition(
  context: ActingContext,
  actor: Account,
  idOrType: string,
): Promise<void> {
  const row = await getAgentDefinition(context, actor, idOrType);
  requireOwner(actor, row.clientId);
  const now = context.clock.now();
  await context.db.batch([
    auditDefinition(context, actor, "agent_definition.deleted", row),
    updateDefinitionRow(context.db, row.id, { deletedAt: now, isActive: false, updatedAt: now }),
  ]);
}
