import { z } from "zod";
import type { LogLevel } from "./observability/logger.ts";

const seconds = (fallback: number) => z.coerce.number().int().positive().default(fallback);
const optionalText = z
  .string()
  .trim()
  .optional()
  .transform((value) => value || undefined);

/**
 * Every setting: variable, type, default. The README's configuration table is
 * held against this schema by a test.
 */
export const settingsSchema = z.object({
  /** `development` allows the sandbox providers, `/dev/*` and the demo tenant; anything else is production. */
  ENVIRONMENT: z.enum(["development", "production"]).default("production"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"] satisfies [LogLevel, ...LogLevel[]]).default("info"),
  /** Signing key of access tokens, at least 32 characters. */
  JWT_SECRET_KEY: optionalText,
  /** Key id written into tokens signed with `JWT_SECRET_KEY`. */
  JWT_KEY_ID: z.string().min(1).max(64).default("main"),
  /** Older keys that still verify, as a JSON object of key id → secret. */
  JWT_VERIFICATION_KEYS: optionalText,
  ACCESS_TOKEN_SECONDS: seconds(3600),
  REFRESH_TOKEN_SECONDS: seconds(30 * 86_400),
  /** A session unused for this long ends. */
  SESSION_IDLE_SECONDS: seconds(14 * 86_400),
  /** A session ends this long after sign-in, used or not. */
  SESSION_ABSOLUTE_SECONDS: seconds(90 * 86_400),
  /** Operator token of `/internal/*`; without one those paths answer 404. */
  INTERNAL_TOKEN: optionalText,
  /** Origins that browsers may call from, separated by commas. */
  ALLOWED_ORIGINS: z
    .string()
    .default("")
    .transform((value) =>
      value
        .split(",")
        .map((origin) => origin.trim())
        .filter(Boolean),
    ),
  /** Whether `CF-Connecting-IP` is set by Cloudflare and can be believed. */
  TRUST_CLIENT_IP: z
    .enum(["true", "false"])
    .default("true")
    .transform((value) => value === "true"),
  /** Workflow objects per tenant, as JSON of client id → number; everybody else has one. */
  WORKFLOW_SHARDS: optionalText,
  ANTHROPIC_API_KEY: optionalText,
  ANTHROPIC_BASE_URL: optionalText,
  SERP_API_KEY: optionalText,
  /** The search endpoint itself. */
  SERP_API_URL: optionalText,
  STABILITY_API_KEY: optionalText,
  /** The API's origin. */
  STABILITY_API_URL: optionalText,
});

export type Settings = z.infer<typeof settingsSchema>;

/** A setting is missing or unusable; the Worker must not do any work. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

const parsed = new WeakMap<object, Settings>();

/**
 * The settings in a Worker's `env`, parsed once per isolate.
 * @throws ConfigurationError naming every variable that is wrong, never its value.
 */
export function settingsOf(env: object): Settings {
  const known = parsed.get(env);
  if (known) return known;
  const result = settingsSchema.safeParse(env);
  if (!result.success) {
    const names = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new ConfigurationError(`Invalid configuration: ${names.join("; ")}`);
  }
  parsed.set(env, result.data);
  return result.data;
}
