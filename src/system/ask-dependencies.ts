import { assertReady } from "#src/db/readiness.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { providerNames } from "#src/providers/index.ts";

/** How something that the platform needs is, and how long it took to say so. */
export interface DependencyHealth {
  status: "up" | "down" | "degraded";
  latency_ms: number;
  breaker?: string;
}

/** No tenant: its gate is asked only to see whether objects answer. */
const probe = "_health";

/** What the gateway cannot do without, and how each is asked whether it is there. */
const hardDependencies: Record<string, (platform: Platform) => Promise<unknown>> = {
  d1: ({ db }) => assertReady(db),
  kv: ({ mailbox }) => mailbox.get(probe),
  r2: ({ blobs }) => blobs.head(probe),
  tenant_objects: async ({ objects }) => (await objects.gate(probe)).isShutOut(probe),
};

async function healthOf(
  platform: Platform,
  name: string,
  ask: (platform: Platform) => Promise<unknown>,
): Promise<[string, DependencyHealth]> {
  const begun = platform.clock.now();
  const took = () => platform.clock.now() - begun;
  try {
    await ask(platform);
    return [name, { status: "up", latency_ms: took() }];
  } catch (error) {
    platform.log.error("dependency down", { dependency: name, ...errorFields(error) });
    return [name, { status: "down", latency_ms: took() }];
  }
}

/** A provider that is away holds up its own tasks and nothing else. */
async function providerHealth(
  { objects, clock }: Platform,
  name: string,
): Promise<[string, DependencyHealth]> {
  const begun = clock.now();
  const { status: breaker } = await objects.breaker(name).view();
  const status = breaker === "closed" ? "up" : "degraded";
  return [name, { status, latency_ms: clock.now() - begun, breaker }];
}

/** Asks everything that the platform needs whether it is there; providers only where the platform itself is. */
export async function askDependencies(
  platform: Platform,
): Promise<{ isUp: boolean; dependencies: Record<string, DependencyHealth> }> {
  const asked = Object.entries(hardDependencies).map(([name, ask]) => healthOf(platform, name, ask));
  const hard = await Promise.all(asked);
  const isUp = hard.every(([, { status }]) => status === "up");
  const soft = isUp ? await Promise.all(providerNames.map((name) => providerHealth(platform, name))) : [];
  return { isUp, dependencies: Object.fromEntries([...hard, ...soft]) };
}
