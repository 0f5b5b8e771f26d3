import { eq } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { agentDefinitions } from "../db/schema/index.ts";
import { topicOfAgent, topics, workflowPrefix } from "../messaging/topics.ts";
import type { AgentRoute } from "../workflows/tenant-workflows-api.ts";

/** Active agent definitions by type. */
export async function activeAgents(db: Database): Promise<Record<string, AgentRoute>> {
  const rows = await db
    .select()
    .from(agentDefinitions)
    .where(eq(agentDefinitions.isActive, true))
    .limit(1000);
  return Object.fromEntries(
    rows.map(({ type, category, defaultConfig }) => [type, { category, defaultConfig }]),
  );
}

/** Whether a topic leads to a consumer: the system's own ones and every active agent's. */
export const routableBy = (agents: Record<string, AgentRoute>) => {
  const known = new Set<string>([...Object.values(topics), ...Object.keys(agents).map(topicOfAgent)]);
  return (topic: string): boolean => known.has(topic) && !topic.startsWith(workflowPrefix);
};
