import type { z } from "zod";
import type { updateSystemConfigSchema } from "#src/system/configuration/schemas.ts";
import { api } from "./api.ts";
import { createUser } from "./users.ts";

type Changes = z.input<typeof updateSystemConfigSchema>["config"];

/** Configures the platform as the operator's administrator does. */
export async function configure(config: Changes, version?: number) {
  const { token } = await createUser("operator", { role: "admin" });
  const { data, error, response } = await api(token).PUT("/api/v1/admin/system/config", {
    body: { config, version },
  });
  if (!data) throw new Error(`${response.status}: ${JSON.stringify(error)}`);
  return data;
}

/** Has it as it is by default again. */
export const configureNothing = () =>
  configure({
    maintenance: { enabled: false },
    rate_limits: {},
    fuel_budgets: {},
    registration_open: true,
    executions_open: true,
    providers_off: [],
    log_level: null,
  });
