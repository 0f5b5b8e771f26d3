import { assertReady } from "#src/db/readiness.ts";
import { createRouter } from "#src/http/openapi.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { providerNames } from "#src/providers/provider-table.ts";
import packageJson from "../../../package.json" with { type: "json" };
import type { GatewayContext } from "../context.ts";
import { requireOperator } from "../middleware/require-operator.ts";

/** No tenant: its gate is asked only to see whether objects answer. */
const probe = "_health";

/** What the gateway cannot do without, and how each is asked whether it is there. */
const hardDependencies: Record<string, (platform: Platform) => Promise<unknown>> = {
  d1: ({ db }) => assertReady(db),
  kv: ({ mailbox }) => mailbox.get(probe),
  r2: ({ blobs }) => blobs.head(probe),
  tenant_objects: ({ objects }) => objects.gate(probe).isShutOut(probe),
};

/** A provider that is away holds up its own tasks and nothing else. */
async function providerHealth({ objects }: Platform, provider: string) {
  const begun = Date.now();
  const { status } = await objects.breaker(provider).view();
  const health = { status: status === "closed" ? "up" : "degraded", latency_ms: Date.now() - begun };
  return [provider, { ...health, breaker: status }] as const;
}

/** Dependencies with their latency, for the operator (`INTERNAL_TOKEN`). Not part of the API document. */
export const internalHealth = createRouter<GatewayContext>();

internalHealth.use("/internal/health", requireOperator);
internalHealth.get("/internal/health", async (c) => {
  const { platform } = c.var;
  const asked = Object.entries(hardDependencies).map(async ([name, ask]) => {
    const begun = Date.now();
    try {
      await ask(platform);
      return [name, { status: "up", latency_ms: Date.now() - begun }] as const;
    } catch (error) {
      platform.log.error("dependency down", { dependency: name, ...errorFields(error) });
      return [name, { status: "down", latency_ms: Date.now() - begun }] as const;
    }
  });
  const hard = await Promise.all(asked);
  const isUp = hard.every(([, { status }]) => status === "up");
  const soft = isUp
    ? await Promise.all(providerNames.map((provider) => providerHealth(platform, provider)))
    : [];
  const body = {
    status: isUp ? "healthy" : "unhealthy",
    service: "persona-gateway",
    version: packageJson.version,
    dependencies: Object.fromEntries([...hard, ...soft]),
  };
  return c.json(body, isUp ? 200 : 503);
});
