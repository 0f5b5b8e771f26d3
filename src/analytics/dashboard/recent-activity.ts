import { isoTime } from "#src/kernel/clock.ts";
import { cutText } from "#src/text/cut-text.ts";
import type { DashboardRows } from "./dashboard-repository.ts";
import type { Dashboard } from "./schemas.ts";

const maxEntries = 20;

/** What has happened last over all tenants, the latest first: accounts that were made, executions that ended. */
export function recentActivity({ newest, ends }: Pick<DashboardRows, "newest" | "ends">) {
  const registrations = newest.map(({ id, email, clientId, createdAt }) => ({
    at: createdAt,
    type: "user_registration" as const,
    description: `New user registered: ${email}`,
    user_id: id,
    client_id: clientId,
  }));
  const executions = ends.flatMap(({ at, status, correlation_id, user_id, client_id }) =>
    status === "completed" || status === "failed" || status === "cancelled"
      ? [
          {
            at,
            type: `workflow_${status}` as const,
            description: `Workflow ${status}: ${cutText(correlation_id, 8)}`,
            user_id,
            client_id,
          },
        ]
      : [],
  );
  return [...registrations, ...executions]
    .sort((a, b) => b.at - a.at)
    .slice(0, maxEntries)
    .map(({ at, ...entry }): Dashboard["recent_activity"][number] => ({ timestamp: isoTime(at), ...entry }));
}
