/** Settings of every test environment. */
export const testSettings = {
  ENVIRONMENT: "development",
  OPERATOR_CLIENT_ID: "operator",
  LOG_LEVEL: "warn",
  JWT_SECRET_KEY: "test-signing-key-of-at-least-32-characters",
  INTERNAL_TOKEN: "test-operator-token",
  ALLOWED_ORIGINS: "http://allowed.test",
  TASK_LEASE_SECONDS: "5",
  WEBHOOK_SECRETS_KEY: Buffer.alloc(32, 7).toString("base64"),
  // Nothing is asked of the internet.
  DNS_OVER_HTTPS_URL: "",
  WORKFLOW_SHARDS: JSON.stringify({ spread_tenant: 2 }),
};

/** What makes a deployment of the settings above: what is for development only is off. */
export const inProduction = { ENVIRONMENT: "production", RATE_LIMITS: "on" };
