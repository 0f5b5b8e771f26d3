import { z } from "zod";
import type { Tier } from "#src/kernel/actor.ts";
import { logLevels } from "#src/kernel/log-level.ts";
import { providerNames } from "#src/providers/index.ts";

/** Something that is said of each tier. */
const ofTiers = <T extends z.ZodType>(value: T, what: string) => {
  const of = (tier: Tier) => value.describe(`${what} of the tier \`${tier}\``);
  return z
    .strictObject({
      free: of("free"),
      basic: of("basic"),
      premium: of("premium"),
      enterprise: of("enterprise"),
    })
    .partial();
};

const callsIn = (period: string) =>
  z.number().int().min(1).max(1_000_000_000).nullable().describe(`In a ${period}; null for no limit`);

/**
 * What can be configured while the platform runs: type, bounds, meaning. The table in docs/operations.md is made from
 * this; what a deployment sets once is in src/kernel/config.ts.
 */
export const configurationSchema = z.strictObject({
  maintenance: z
    .strictObject({
      enabled: z.boolean().describe("Whether there is maintenance"),
      message: z
        .string()
        .trim()
        .min(1)
        .max(500)
        .default("Down for maintenance")
        .describe("What whoever is refused is told"),
      retry_after_seconds: z
        .number()
        .int()
        .min(1)
        .max(86_400)
        .default(60)
        .describe("`Retry-After` of refusals"),
    })
    .describe(
      "While `enabled`, whatever changes something is refused with 503 `MAINTENANCE`, `message` and `Retry-After`, but to the operator's administrators",
    ),
  rate_limits: ofTiers(
    z.strictObject({ minute: callsIn("minute"), hour: callsIn("hour"), day: callsIn("day") }).partial(),
    "Calls of accounts",
  ).describe(
    "Calls that an account of a tier may make in a minute, an hour and a day, 1 to 1 000 000 000, where that differs from the tier's own; null for no limit",
  ),
  fuel_budgets: ofTiers(z.number().int().min(1).max(1_000_000), "Budget of an execution").describe(
    "Fuel that an execution of a tier may spend, 1 to 1 000 000, where that differs from the tier's own",
  ),
  registration_open: z
    .boolean()
    .describe(
      "Whether anybody can register at all; `false` closes every tenant that is open or asks for a code",
    ),
  executions_open: z
    .boolean()
    .describe("Whether executions may begin; with `false` they are refused with 503, those that run go on"),
  providers_off: z
    .array(z.enum(providerNames))
    .max(providerNames.length)
    .describe(
      `Providers that are not called: tasks for them wait, until they are on again or their time is over; of ${providerNames.map((name) => `\`${name}\``).join(", ")}`,
    ),
  log_level: z
    .enum(logLevels)
    .nullable()
    .describe(
      "Least severe level that is logged, `debug`, `info`, `warn` or `error`; null for the setting `LOG_LEVEL`",
    ),
});

export type Configuration = z.output<typeof configurationSchema>;
/** A configuration as somebody writes it: inner fields that have a default may be missing. */
export type ConfigurationInput = z.input<typeof configurationSchema>;
export type ConfigurationKey = keyof Configuration;

/** What holds of every key until somebody sets it. */
export const defaultConfiguration: Configuration = configurationSchema.parse({
  maintenance: { enabled: false },
  rate_limits: {},
  fuel_budgets: {},
  registration_open: true,
  executions_open: true,
  providers_off: [],
  log_level: null,
} satisfies ConfigurationInput);

export const isConfigurationKey = (name: string): name is ConfigurationKey =>
  Object.hasOwn(configurationSchema.shape, name);
export const configurationKeys: readonly ConfigurationKey[] = Object.keys(configurationSchema.shape).filter(
  isConfigurationKey,
);
