import { and, asc, eq, isNull, or, type SQL } from "drizzle-orm";
import { hasRow } from "../db/batch-conditions.ts";
import type { Database } from "../db/client.ts";
import { agentDefinitions } from "../db/schema/index.ts";
import { topicOfAgent, topics, workflowPrefix } from "../messaging/topics.ts";
import type { AgentRoute } from "../workflows/tenant-workflows-api.ts";

export type AgentDefinitionRow = typeof agentDefinitions.$inferSelect;

/** Most agent definitions the platform holds. */
const mostDefinitions = 1000;

const living = isNull(agentDefinitions.deletedAt);

/** Whether an agent can be called. */
export const isActiveDefinition = and(living, eq(agentDefinitions.isActive, true));

/** Active agent definitions by type, as runs know them. */
export async function activeAgents(db: Database): Promise<Record<string, AgentRoute>> {
  const { type, category, defaultConfig } = agentDefinitions;
  const definitions = await db
    .select({ type, category, defaultConfig })
    .from(agentDefinitions)
    .where(isActiveDefinition)
    .limit(mostDefinitions);
  return Object.fromEntries(definitions.map(({ type, ...route }) => [type, route]));
}

/** Whether a topic leads to a consumer: the system's own ones and every active agent's. */
export const routableBy = (agents: Record<string, AgentRoute>) => {
  const known = new Set<string>([...Object.values(topics), ...Object.keys(agents).map(topicOfAgent)]);
  return (topic: string): boolean => known.has(topic) && !topic.startsWith(workflowPrefix);
};

/** Every definition that was not deleted, by type. */
export const listDefinitions = (db: Database) =>
  db.select().from(agentDefinitions).where(living).orderBy(asc(agentDefinitions.type)).limit(mostDefinitions);

/** By id or by type name; no type name looks like an id. */
export const findDefinition = (db: Database, idOrType: string) =>
  db
    .select()
    .from(agentDefinitions)
    .where(and(or(eq(agentDefinitions.id, idOrType), eq(agentDefinitions.type, idOrType)), living))
    .get();

/** Inserts unless a living definition has the type; changes no row then. */
export const insertDefinition = (db: Database, row: AgentDefinitionRow) =>
  db.insert(agentDefinitions).values(row).onConflictDoNothing();

const livingOf = (id: string) => and(eq(agentDefinitions.id, id), living);

/** True while a definition was not deleted. */
export const isLivingDefinition = (id: string): SQL => hasRow(agentDefinitions, livingOf(id));

export const updateDefinitionRow = (db: Database, id: string, changes: Partial<AgentDefinitionRow>) =>
  db.update(agentDefinitions).set(changes).where(livingOf(id));
