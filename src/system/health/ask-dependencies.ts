import { assertReady, commerceDatabase } from "#src/db/readiness.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { withTimeout } from "#src/kernel/with-timeout.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { providerNames } from "#src/providers/index.ts";
import { queueNames } from "#src/tasks/index.ts";
import packageJson from "../../../package.json" with { type: "json" };
import type { DependencyHealth, SystemHealth } from "./schemas.ts";

/** Something the platform needs: what follows when it does not answer, and how it is asked. */
interface Dependency {
  /** Whether nothing works without it; else what needs it waits, and nothing is lost. */
  isHard: boolean;
  ask(platform: Platform): Promise<unknown>;
}

/** No tenant: its gate is asked only to see whether objects answer. */
const probe = "_health";

/** Whoever says nothing for so long is not there. */
const patienceMs = 5000;

const dependencies: Readonly<Record<string, Dependency>> = {
  d1: { isHard: true, ask: ({ db }) => assertReady(db) },
  // Without it nothing is sold; everything else goes on.
  d1_commerce: { isHard: false, ask: ({ commerce }) => assertReady(commerce.db, commerceDatabase) },
  kv: { isHard: true, ask: ({ mailbox }) => mailbox.get(probe) },
  r2: { isHard: true, ask: ({ blobs }) => blobs.head(probe) },
  tenant_objects: {
    isHard: true,
    ask: async ({ objects }) => (await objects.gate(probe)).isShutOut(probe),
  },
  // Tasks stay with their objects until a queue takes them.
  queues: {
    isHard: false,
    ask: ({ queues }) =>
      Promise.all(queueNames.flatMap((name) => queues.all(name).map((queue) => queue.metrics()))),
  },
  metrics: { isHard: false, ask: ({ objects }) => objects.metrics().read() },
};

type Named = [name: string, health: DependencyHealth];

async function timed(
  { clock, log }: Platform,
  name: string,
  ask: () => Promise<Omit<DependencyHealth, "latency_ms">>,
  otherwise: DependencyHealth["status"],
): Promise<Named> {
  const begun = clock.now();
  const took = () => Math.max(0, clock.now() - begun);
  try {
    const health = await withTimeout(ask(), patienceMs);
    return [name, { ...health, latency_ms: took() }];
  } catch (error) {
    log.error("dependency down", { dependency: name, ...errorFields(error) });
    return [name, { status: otherwise, latency_ms: took() }];
  }
}

const healthOf = (platform: Platform, name: string, { isHard, ask }: Dependency): Promise<Named> => {
  const isThere = async () => {
    await ask(platform);
    return { status: "up" as const };
  };
  return timed(platform, name, isThere, isHard ? "down" : "degraded");
};

/** A provider that is away holds up its own tasks and nothing else. */
const providerHealth = (platform: Platform, name: string): Promise<Named> => {
  const breakerOf = async () => {
    const { status: breaker } = await platform.objects.breaker(name).view();
    return { status: breaker === "closed" ? ("up" as const) : ("degraded" as const), breaker };
  };
  return timed(platform, name, breakerOf, "degraded");
};

/** Asks everything that the platform needs whether it is there, side by side. */
export async function askDependencies(platform: Platform): Promise<SystemHealth> {
  const all = await Promise.all([
    ...Object.entries(dependencies).map(([name, dependency]) => healthOf(platform, name, dependency)),
    ...providerNames.map((name) => providerHealth(platform, name)),
  ]);
  const is = (wanted: DependencyHealth["status"]) => all.some(([, { status }]) => status === wanted);
  return {
    status: is("down") ? "unhealthy" : is("degraded") ? "degraded" : "healthy",
    service: "persona-gateway",
    version: packageJson.version,
    timestamp: isoTime(platform.clock.now()),
    dependencies: Object.fromEntries(all),
  };
}
