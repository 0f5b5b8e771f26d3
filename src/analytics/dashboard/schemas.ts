import { z } from "@hono/zod-openapi";

const count = z.number().int().nonnegative();
const percent = z.number().min(0).max(100);
const health = z.enum(["healthy", "unhealthy"]);
const said = <T extends z.ZodType>(schema: T, description: string) => schema.openapi({ description });
const byType = (description: string) => said(z.record(z.string(), count), description);

const overview = z.object({
  total_clients: said(count, "Tenants, those that are switched off with them"),
  total_users: said(count, "Accounts that are not deleted"),
  active_users_30_days: said(count, "Those that were signed in on one of the last 30 days (UTC)"),
  total_agent_instances: said(count, "Personas that are not deleted"),
  total_workflows: said(count, "Executions that have ended since they are counted, and those that go on"),
  success_rate: said(
    percent,
    "Of executions that ended in the last 30 days, how many completed; 0 without any",
  ),
  total_revenue_mtd: said(
    z.number(),
    "Dollars that were paid this month (UTC), less what was given back in it",
  ),
});

const userMetrics = z.object({
  users_by_tier: byType("Accounts by their tier"),
  new_users_today: said(count, "Accounts made today (UTC)"),
  new_users_this_week: said(count, "Accounts made today or on the six days before"),
  churn_rate_monthly: said(
    percent,
    "Subscriptions that ended to be paid for this month, of those paid for when it began; 0 where none was",
  ),
});

const agentMetrics = z.object({
  agents_by_type: byType(
    "Agent definitions that are active, of the platform and of tenants; the hundred types with most",
  ),
  most_used_agents: said(
    z.array(
      z.object({
        agent_type: z.string(),
        usage_count: said(count, "Attempts of its tasks that have finished"),
      }),
    ),
    "The ten with most attempts of tasks, of executions that ended in the last seven days",
  ),
  avg_response_time_ms: said(
    z.number().nonnegative(),
    "Mean duration of those attempts of all agents, in milliseconds; 0 without any",
  ),
});

const usageMetrics = z.object({
  total_fuel_consumed: said(count, "Fuel of all executions that have ended since they are counted"),
  fuel_by_agent_type: byType("Of it, what tasks have used, by agent type"),
  api_calls_today: said(
    count.nullable(),
    "Requests below `/api` that were answered today (UTC); null while nobody can say",
  ),
  storage_used_gb: said(
    z.number().nonnegative().nullable(),
    "What lies in R2, in gigabytes (10⁹ bytes), as the last pass through it has found; null before the first",
  ),
});

const systemHealth = z.object({
  database_status: said(health, "Whether the database is what this build works on"),
  queue_status: said(health, "Whether all queues say what waits on them"),
  kafka_status: said(health, "The older name of `queue_status`"),
  average_latency_ms: said(
    z.number().nonnegative().nullable(),
    "Mean time until the answer of those requests of today began, in milliseconds; 0 without any",
  ),
  error_rate_percent: said(
    percent.nullable(),
    "Of those requests of today, how many were answered with a status of 500 or above; 0 without any",
  ),
  active_workflows: said(count, "Executions that go on, those that wait for somebody with them"),
  queue_depth: said(
    count.nullable(),
    "Messages on all queues that no consumer has taken yet; null where one does not say",
  ),
});

const activity = z
  .object({
    timestamp: z.iso.datetime(),
    type: z.enum(["user_registration", "workflow_completed", "workflow_failed", "workflow_cancelled"]),
    description: z.string(),
    user_id: z.string(),
    client_id: z.string(),
  })
  .openapi("Activity");

export const dashboardSchema = z
  .object({
    overview: said(overview, "How much there is"),
    user_metrics: said(userMetrics, "Accounts"),
    agent_metrics: said(agentMetrics, "Agents"),
    usage_metrics: said(usageMetrics, "What was used"),
    system_health: said(systemHealth, "How the platform is"),
    recent_activity: said(
      z.array(activity),
      "The last twenty accounts that were made and executions that ended, the latest first",
    ),
  })
  .openapi("Dashboard");
export type Dashboard = z.infer<typeof dashboardSchema>;
