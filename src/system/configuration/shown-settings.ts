import { type Settings, settingsSchema } from "#src/kernel/config.ts";
import type { SystemConfig } from "./schemas.ts";

/**
 * The settings of the deployment that administrators see beside what they can change. Each is named here: a new one may
 * be a secret, or an address with one in it.
 */
const shown = [
  "ENVIRONMENT",
  "LOG_LEVEL",
  "OPERATOR_CLIENT_ID",
  "ACCESS_TOKEN_SECONDS",
  "REFRESH_TOKEN_SECONDS",
  "SESSION_IDLE_SECONDS",
  "SESSION_ABSOLUTE_SECONDS",
  "ALLOWED_ORIGINS",
  "DELETED_USER_RETENTION_DAYS",
  "RUN_RETENTION_SECONDS",
  "RUN_LIST_DAYS",
  "WORKFLOW_OBJECT_BYTES",
  "TASKS_AT_ONCE",
  "TASK_LEASE_SECONDS",
] as const satisfies readonly (keyof Settings)[];

/** What the deployment has set, as far as it is nobody's secret. */
export const shownSettings = (settings: Settings): SystemConfig["settings"] =>
  shown.map((name) => ({
    name,
    value: settings[name] ?? null,
    meaning: settingsSchema.shape[name].description ?? "",
  }));
