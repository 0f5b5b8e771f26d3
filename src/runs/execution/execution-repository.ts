import { and, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { isActiveDefinition } from "#src/agent-definitions/index.ts";
import type { Database } from "#src/db/client.ts";
import { prepared } from "#src/db/prepared.ts";
import {
  agentDefinitions,
  personaInstances,
  subscriptions,
  subscriptionTiers,
  users,
} from "#src/db/schema/index.ts";
import type { AgentRoute } from "#src/engine/start-run.ts";
import { agentTypeOfTopic, topics, workflowPrefix } from "#src/engine/topics.ts";
import type { Account } from "#src/kernel/actor.ts";
import { ownLast } from "#src/tenants/index.ts";

/** What an execution needs of its instance and its caller, with the active agents by type. */
export interface Executable {
  isActive: boolean;
  projectId: string | null;
  templateId: string;
  templateVersion: number;
  config: Record<string, unknown>;
  /** When the caller's subscription began, epoch milliseconds. */
  subscribedAt: number | null;
  /** Executions that the caller's tier allows in a billing period; negative for any number. */
  maxContent: number;
  /** At least those that its plan can call; not all there are. */
  agents: Record<string, AgentRoute>;
}

/** Agents behind the topics of the system itself, which plans call without naming them. */
const systemAgents = [...new Set(Object.values(topics).map(agentTypeOfTopic))];

/** The living instance, if it lies within the caller's reach. */
const theInstance = and(
  eq(personaInstances.id, sql.placeholder("id")),
  isNull(personaInstances.deletedAt),
  eq(personaInstances.clientId, sql.placeholder("clientId")),
  sql`${personaInstances.ownerUserId} = coalesce(${sql.placeholder("ownerUserId")}, ${personaInstances.ownerUserId})`,
);

/** Agents that the persona names somewhere; all of them when its plan reaches workflows, whose plans are elsewhere. */
const mayBeCalled = or(
  inArray(agentDefinitions.type, systemAgents),
  sql`instr(${personaInstances.config}, ${agentDefinitions.type}) > 0`,
  sql`instr(${personaInstances.config}, ${`"${workflowPrefix}`}) > 0`,
  sql`json_type(${personaInstances.config}, '$.workflow') = 'text'`,
);

/** A row for the instance, without a type, and one for each agent: a batch of two statements is twice the work. */
const executable = prepared((db) =>
  db
    .select({
      type: sql<string | null>`NULL`,
      agentOwner: sql<string | null>`NULL`,
      category: sql<AgentRoute["category"] | null>`NULL`,
      config: personaInstances.config,
      isActive: personaInstances.isActive,
      projectId: personaInstances.projectId,
      templateId: personaInstances.templateId,
      templateVersion: personaInstances.templateVersion,
      subscribedAt: sql<number | null>`(SELECT ${subscriptions.startDate} FROM ${subscriptions}
        WHERE ${subscriptions.userId} = ${sql.placeholder("userId")})`,
      maxContent: sql<number>`coalesce((SELECT ${subscriptionTiers.maxContent} FROM ${users}
        JOIN ${subscriptionTiers} ON ${subscriptionTiers.name} = ${users.tier}
        WHERE ${users.id} = ${sql.placeholder("userId")}), 0)`,
    })
    .from(personaInstances)
    .where(theInstance)
    .unionAll(
      db
        .select({
          type: agentDefinitions.type,
          agentOwner: agentDefinitions.clientId,
          category: agentDefinitions.category,
          config: agentDefinitions.defaultConfig,
          isActive: agentDefinitions.isActive,
          projectId: sql<null>`NULL`,
          templateId: sql<string>`''`,
          templateVersion: sql<number>`0`,
          subscribedAt: sql<null>`NULL`,
          maxContent: sql<number>`0`,
        })
        .from(personaInstances)
        .innerJoin(agentDefinitions, mayBeCalled)
        .where(
          and(
            theInstance,
            isActiveDefinition,
            sql`coalesce(${agentDefinitions.clientId}, ${personaInstances.clientId}) = ${personaInstances.clientId}`,
          ),
        ),
    )
    .prepare(),
);

/** What a user's tier and subscription allow. */
export async function allowanceOf(
  db: Database,
  userId: string,
): Promise<Pick<Executable, "subscribedAt" | "maxContent">> {
  const allowance = await db
    .select({ subscribedAt: subscriptions.startDate, maxContent: subscriptionTiers.maxContent })
    .from(users)
    .leftJoin(subscriptions, eq(subscriptions.userId, users.id))
    .leftJoin(subscriptionTiers, eq(subscriptionTiers.name, users.tier))
    .where(eq(users.id, userId))
    .get();
  return { subscribedAt: allowance?.subscribedAt ?? null, maxContent: allowance?.maxContent ?? 0 };
}

/** The living instance, if it lies within the caller's scope, with the agents that it may call. */
export async function findExecutable(
  db: Database,
  { scope, clientId, userId }: Account,
  id: string,
): Promise<Executable | undefined> {
  const ownerUserId = scope === "own" ? userId : null;
  const rows = await executable(db).all({ id, clientId, ownerUserId, userId });
  const instance = rows.find(({ type }) => type === null);
  if (!instance) return undefined;
  const callable = ownLast(rows.map(({ agentOwner, ...row }) => ({ ...row, clientId: agentOwner })));
  const agents = callable.flatMap(({ type, category, config }): [string, AgentRoute][] =>
    type === null || category === null ? [] : [[type, { category, defaultConfig: config }]],
  );
  const { type, category, agentOwner, ...facts } = instance;
  return { ...facts, agents: Object.fromEntries(agents) };
}
