import { z } from "zod";
import { issueLines } from "./issues.ts";
import { logLevels } from "./log-level.ts";

const seconds = (fallback: number) => z.coerce.number().int().positive().default(fallback);
const optionalText = z
  .string()
  .trim()
  .optional()
  .transform((value) => value || undefined);

/** Several in one text, separated by commas. */
const listed = z
  .string()
  .default("")
  .transform((value) =>
    value
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean),
  );

const sealKey = z
  .string()
  .refine((key) => Buffer.from(key, "base64").length === 32, "must be 32 bytes in base64");

/** Every setting: variable, type, default, meaning. The README's table is made from this schema. */
export const settingsSchema = z.object({
  ENVIRONMENT: z
    .enum(["development", "production"])
    .default("production")
    .describe("`development` allows the sandbox providers and the demo tenant; set by `npm start`"),
  LOG_LEVEL: z.enum(logLevels).default("info").describe("Least severe level that is logged"),
  JWT_SECRET_KEY: optionalText.describe(
    "Signs access tokens; a random secret of at least 32 characters, required",
  ),
  JWT_KEY_ID: z
    .string()
    .min(1)
    .max(64)
    .default("main")
    .describe("Key id of `JWT_SECRET_KEY`, written into tokens"),
  JWT_VERIFICATION_KEYS: optionalText.describe(
    "Older keys that still verify: JSON of key id → secret, as strong as the one that signs",
  ),
  INTERNAL_TOKEN: optionalText.describe(
    "The operator's bearer token for `/internal/health` and `/internal/metrics`, a random secret; without one they answer 404",
  ),
  OPERATOR_CLIENT_ID: optionalText.describe(
    "The operator's tenant: its administrators administer the whole platform, those of any other tenant only theirs",
  ),
  ACCESS_TOKEN_SECONDS: seconds(3600).describe("Lifetime of access tokens"),
  REFRESH_TOKEN_SECONDS: seconds(30 * 86_400).describe("Lifetime of a refresh token"),
  SESSION_IDLE_SECONDS: seconds(14 * 86_400).describe("A session unused for this long ends"),
  SESSION_ABSOLUTE_SECONDS: seconds(90 * 86_400).describe("A session ends this long after sign-in"),
  ALLOWED_ORIGINS: listed.describe("Origins that browsers may call from, separated by commas"),
  FRONTEND_URL: listed.describe("Older spelling of `ALLOWED_ORIGINS`; what either names is allowed"),
  TRUST_CLIENT_IP: z
    .enum(["true", "false"])
    .default("true")
    .transform((value) => value === "true")
    .describe("Whether `CF-Connecting-IP` is set by Cloudflare; `npm start` sets false"),
  RATE_LIMITS: z
    .enum(["on", "off"])
    .default("on")
    .describe("`off` counts nobody's calls, for tests that make many; refused outside of development"),
  MAIL_API_URL: optionalText.describe("Mail provider: a JSON API in the form of Resend's `POST /emails`"),
  MAIL_API_KEY: optionalText.describe("Key of the mail provider"),
  MAIL_FROM: optionalText.describe("Sender of the platform's mail"),
  DELETED_USER_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3650)
    .default(30)
    .describe("Days until the personal data of a deleted account is removed"),
  PAST_DUE_GRACE_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(90)
    .default(7)
    .describe("Days that a subscription stays in force whose payment has failed"),
  RUN_RETENTION_SECONDS: z.coerce
    .number()
    .int()
    .min(86_400)
    .default(30 * 86_400)
    .describe("A finished run moves from its tenant object to R2 after this long; at least a day"),
  RUN_LIST_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(30)
    .describe("Days that a finished run stays in the lists over all tenants; a tenant's own lists keep it"),
  WORKFLOW_OBJECT_BYTES: z.coerce
    .number()
    .int()
    .min(100_000)
    .default(10_000_000_000)
    .describe(
      "Storage of one workflow object. Once half of it is taken, finished runs move to R2 before their time; with 95 % no run begins",
    ),
  WORKFLOW_SHARDS: optionalText.describe(
    "Workflow objects of large tenants: JSON of client id → number, or of client id → `{time: number}` when a tenant is spread (further) later; personas made before a time stay where they are. Change it by adding times",
  ),
  QUEUE_NUMBERS: optionalText.describe(
    'Queues of which there are several, where one\'s ceiling is met: JSON of queue → number, as in `{"agent-tasks-high": 4}`; the others are called `agent-tasks-high-2` and so on, bound as `AGENT_TASKS_HIGH_2`',
  ),
  TASKS_AT_ONCE: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe(
      "Tasks of one topic that a workflow object has out on a queue at a time, shared among its users; the rest of its backlog waits in the object and holds up no other tenant",
    ),
  TASK_LEASE_SECONDS: z.coerce
    .number()
    .int()
    .min(3)
    .max(600)
    .default(30)
    .describe(
      "A consumer that is silent for this long is dead, and its task goes to another. A restart of a tenant object must fit in, or what is under way is paid for twice; locally 5",
    ),
  LOCAL_QUEUES: z
    .enum(["true", "false"])
    .default("false")
    .transform((value) => value === "true")
    .describe("Whether queues hand over one batch at a time, as local ones do; set by `npm start`"),
  ANTHROPIC_API_KEY: optionalText.describe("Text generation and reasoning"),
  ANTHROPIC_BASE_URL: optionalText.describe("Another server that speaks Anthropic's Messages API"),
  MODEL_PRICES: optionalText.describe(
    "Prices that differ, and further models: JSON of model id → `{input, output}` in dollars per million tokens, with `fuel` of a text where it is another",
  ),
  SERP_API_KEY: optionalText.describe("Web search"),
  SERP_API_URL: optionalText.describe("Another search endpoint (the endpoint itself)"),
  STABILITY_API_KEY: optionalText.describe("Image generation"),
  STABILITY_API_URL: optionalText.describe("Another server that speaks Stability's v1 API (its origin)"),
  STRIPE_API_KEY: optionalText.describe("Payments; without one nothing can be paid for"),
  STRIPE_API_URL: optionalText.describe("Another server that speaks Stripe's API (its origin)"),
  STRIPE_WEBHOOK_SECRET: optionalText.describe(
    "Signs the notices that Stripe sends (`whsec_…`), required with payments",
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Collector of spans that speaks OTLP/HTTP, without `v1/traces` (docs/operations.md)"),
  OTEL_EXPORTER_OTLP_HEADERS: optionalText.describe(
    "What the collector wants to be sent: `name=value` pairs, separated by commas",
  ),
  DNS_OVER_HTTPS_URL: optionalText.describe(
    "Name server that is asked whether a host name which somebody gave us leads to public addresses only, in the JSON form of `application/dns-json`; deployed, Cloudflare's",
  ),
  EGRESS_ALLOW_LOOPBACK: z
    .enum(["true", "false"])
    .default("false")
    .transform((value) => value === "true")
    .describe("Whether webhooks may go to this very machine, also by http; refused outside of development"),
  WEBHOOK_SECRETS_KEY: listed
    .pipe(z.array(sealKey))
    .describe(
      "Seals the secrets of webhooks where they lie: 32 random bytes in base64; several, separated by commas, while one takes another's place, the new one first. Without one there are no webhooks",
    ),
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
    throw new ConfigurationError(`Invalid configuration: ${issueLines(result.error).join("; ")}`);
  }
  const { ALLOWED_ORIGINS, FRONTEND_URL } = result.data;
  if (result.data.EGRESS_ALLOW_LOOPBACK && result.data.ENVIRONMENT !== "development")
    throw new ConfigurationError("EGRESS_ALLOW_LOOPBACK is for development only");
  if (result.data.RATE_LIMITS === "off" && result.data.ENVIRONMENT !== "development")
    throw new ConfigurationError("RATE_LIMITS=off is for development only");
  const settings = { ...result.data, ALLOWED_ORIGINS: [...ALLOWED_ORIGINS, ...FRONTEND_URL] };
  parsed.set(env, settings);
  return settings;
}
