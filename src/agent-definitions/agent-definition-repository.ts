import { and, asc, eq, isNull, or, type SQL, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { agentDefinitions } from "#src/db/schema/index.ts";
import type { AgentRoute } from "#src/engine/start-run.ts";
import { topicOfAgent, topics, workflowPrefix } from "#src/engine/topics.ts";
import type { Account } from "#src/kernel/actor.ts";
import { type Owner, ownLast, readableBy, usableBy } from "#src/tenants/index.ts";

export type AgentDefinitionRow = typeof agentDefinitions.$inferSelect;

/** Most agent definitions the platform holds. */
const maxDefinitions = 1000;

const living = isNull(agentDefinitions.deletedAt);

/** Whether an agent can be called. */
export const isActiveDefinition = and(living, eq(agentDefinitions.isActive, true));

/** Active agent definitions that an owner's plans can call, by type, as runs know them. */
export const activeAgents = (db: Database, owner: Owner): Promise<Record<string, AgentRoute>> =>
  agentRoutes(db, usableBy(agentDefinitions.clientId, owner));

/** Active agent definitions of the platform and of all tenants, by type: what the queues carry work for. */
export const activeAgentsOfAll = (db: Database): Promise<Record<string, AgentRoute>> =>
  agentRoutes(db, undefined);

async function agentRoutes(db: Database, within: SQL | undefined): Promise<Record<string, AgentRoute>> {
  const { type, category, defaultConfig, clientId } = agentDefinitions;
  const definitions = await db
    .select({ type, category, defaultConfig, clientId })
    .from(agentDefinitions)
    .where(and(isActiveDefinition, within))
    // The platform's first: however many a tenant has made, they displace none of those.
    .orderBy(asc(clientId), asc(type))
    .limit(maxDefinitions);
  return Object.fromEntries(ownLast(definitions).map(({ type, clientId: _, ...route }) => [type, route]));
}

/** Whether a topic leads to a consumer: the system's own ones and every active agent's. */
export const routableBy = (agents: Record<string, AgentRoute>) => {
  const known = new Set<string>([...Object.values(topics), ...Object.keys(agents).map(topicOfAgent)]);
  return (topic: string): boolean => known.has(topic) && !topic.startsWith(workflowPrefix);
};

/** Every definition that was not deleted and that the caller can read, by type. */
export const listDefinitions = (db: Database, actor: Account) =>
  db
    .select()
    .from(agentDefinitions)
    .where(and(living, readableBy(agentDefinitions.clientId, actor)))
    .orderBy(asc(agentDefinitions.type), asc(agentDefinitions.clientId))
    .limit(maxDefinitions);

/** By id, or by type name: the caller's own before the platform's. No type name looks like an id. */
export const findDefinition = (db: Database, actor: Account, idOrType: string) =>
  db
    .select()
    .from(agentDefinitions)
    .where(
      and(
        living,
        or(
          and(eq(agentDefinitions.id, idOrType), readableBy(agentDefinitions.clientId, actor)),
          and(eq(agentDefinitions.type, idOrType), usableBy(agentDefinitions.clientId, actor.clientId)),
        ),
      ),
    )
    .orderBy(sql`${agentDefinitions.clientId} IS NULL`)
    .get();

/** Inserts unless a living definition has the type; changes no row then. */
export const insertDefinition = (db: Database, row: AgentDefinitionRow) =>
  db.insert(agentDefinitions).values(row).onConflictDoNothing();

const livingOf = (id: string) => and(eq(agentDefinitions.id, id), living);

/** True while a definition was not deleted. */
export const isLivingDefinition = (id: string): SQL => hasRow(agentDefinitions, livingOf(id));

export const updateDefinitionRow = (db: Database, id: string, changes: Partial<AgentDefinitionRow>) =>
  db.update(agentDefinitions).set(changes).where(livingOf(id));
