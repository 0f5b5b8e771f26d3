import { and, eq, isNull, sql } from "drizzle-orm";
import { isActiveDefinition } from "#src/agent-definitions/index.ts";
import type { Database } from "#src/db/client.ts";
import { agentDefinitions, clients, personaChats, personaInstances, users } from "#src/db/schema/index.ts";
import type { AgentRoute } from "#src/engine/start-run.ts";
import { agentTypeOfTopic } from "#src/engine/topics.ts";
import type { Tier } from "#src/kernel/actor.ts";
import { chatTurnTopic } from "#src/objects/turn-contract.ts";
import { ownLast, usableBy } from "#src/tenants/index.ts";

export type PersonaChatRow = typeof personaChats.$inferSelect;

/** A persona, as far as talking with it goes. */
export interface ChatInstance {
  name: string;
  isActive: boolean;
  ownerId: string;
  ownerTier: Tier;
  projectId: string | null;
  templateId: string;
  templateVersion: number;
  config: Record<string, unknown>;
  /** Whether a message reopens what has ended, as the tenant has it. */
  reopens: boolean;
  /** Null for one that was never published. */
  chat: PersonaChatRow | null;
  /** The agent that answers, whose settings stand behind the persona's own. */
  agents: Record<string, AgentRoute>;
}

/** A living instance of a tenant, whoever owns it, as long as its owner, who pays, is there. */
export async function findChatInstance(
  db: Database,
  clientId: string,
  id: string,
): Promise<ChatInstance | undefined> {
  const [found, agents] = await db.batch([
    db
      .select({
        name: personaInstances.name,
        isActive: personaInstances.isActive,
        ownerId: personaInstances.ownerUserId,
        ownerTier: users.tier,
        projectId: personaInstances.projectId,
        templateId: personaInstances.templateId,
        templateVersion: personaInstances.templateVersion,
        config: personaInstances.config,
        reopens: sql<number>`coalesce(json_extract(${clients.settings}, '$.reopen_ended'), 1)`,
        chat: personaChats,
      })
      .from(personaInstances)
      .innerJoin(users, eq(users.id, personaInstances.ownerUserId))
      .innerJoin(clients, eq(clients.id, personaInstances.clientId))
      .leftJoin(personaChats, eq(personaChats.instanceId, personaInstances.id))
      .where(
        and(
          eq(personaInstances.id, id),
          eq(personaInstances.clientId, clientId),
          isNull(personaInstances.deletedAt),
          isNull(users.deletedAt),
          eq(users.isActive, true),
        ),
      ),
    db
      .select({
        type: agentDefinitions.type,
        clientId: agentDefinitions.clientId,
        category: agentDefinitions.category,
        defaultConfig: agentDefinitions.defaultConfig,
      })
      .from(agentDefinitions)
      .where(
        and(
          eq(agentDefinitions.type, agentTypeOfTopic(chatTurnTopic)),
          isActiveDefinition,
          usableBy(agentDefinitions.clientId, clientId),
        ),
      ),
  ]);
  const [instance] = found;
  if (!instance) return undefined;
  const routes = ownLast(agents).map(({ type, category, defaultConfig }): [string, AgentRoute] => [
    type,
    { category, defaultConfig },
  ]);
  return { ...instance, reopens: instance.reopens !== 0, agents: Object.fromEntries(routes) };
}
