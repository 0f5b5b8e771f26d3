import { findAttachment, findText } from "#src/attachments/index.ts";
import type { TaskConsumer } from "#src/engine/topics.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { anywhere, type Jurisdiction } from "#src/kernel/placement.ts";
import { conversationName, hubOf, type ObjectBindings } from "#src/objects/objects.ts";
import { placedObject } from "#src/objects/placed-object.ts";
import { shardName, shardOfRun } from "#src/objects/run-id.ts";
import type { TaskAssignment } from "#src/objects/tasks-api.ts";
import { createLogger, type Logger } from "#src/observability/logger.ts";
import type { ProviderWorld } from "#src/providers/index.ts";
import { TextCourier } from "#src/realtime/index.ts";
import { type Consumer, type DeadLetterBindings, deadLettersOf, detachedWork } from "#src/tasks/index.ts";
import { type TelemetryBindings, telemetryOf } from "./telemetry-platform.ts";

type TaskBindings<C extends TaskConsumer> = Pick<ObjectBindings, "TENANT_WORKFLOWS"> &
  TelemetryBindings &
  DeadLetterBindings<C> & { BLOBS: R2Bucket };

/**
 * What a Worker takes tasks with; the work itself is its own.
 * @param queue the one that a batch has come from
 */
export function taskPlatformOf<C extends TaskConsumer>(
  name: C,
  env: TaskBindings<C>,
  queue: string,
  ctx: Pick<ExecutionContext, "waitUntil">,
): Omit<Consumer, "work" | "placesFor"> {
  const settings = settingsOf(env);
  const { metrics, logs, handOver } = telemetryOf(env);
  const waitUntil = (work: Promise<unknown>) => ctx.waitUntil(work);
  return {
    name,
    workflowsOf: ({ client_id, correlation_id, jurisdiction = null }) =>
      placedObject(env.TENANT_WORKFLOWS, shardName(client_id, shardOfRun(correlation_id)), {
        ...anywhere,
        jurisdiction,
      }),
    deadLetters: deadLettersOf(name, env, queue),
    blobs: env.BLOBS,
    detached: detachedWork(settings, waitUntil, () => handOver.after(waitUntil)),
    metrics,
    logger: createLogger(name, settings.LOG_LEVEL, {}, logs),
  };
}

/** Who brings the texts of a batch's tasks to those who watch: one for each hub. */
export function couriersOf(
  env: Pick<ObjectBindings, "TENANT_HUB">,
  logger: Logger,
): (clientId: string, hub: number, jurisdiction?: Jurisdiction) => TextCourier {
  const couriers = new Map<string, TextCourier>();
  return (clientId, hub, jurisdiction) => {
    const place = { ...anywhere, jurisdiction: jurisdiction ?? null };
    const key = `${clientId}:${hub}`;
    const courier = couriers.get(key) ?? new TextCourier(() => hubOf(env, clientId, hub, place), logger);
    couriers.set(key, courier);
    return courier;
  };
}

/** What came with messages of the conversations of a task's tenant. */
export const filesOf =
  ({ BLOBS }: { BLOBS: R2Bucket }, { clientId }: Pick<TaskAssignment, "clientId">) =>
  (conversationId: string) =>
  async (id: string, what: "file" | "text" = "file"): Promise<Uint8Array | undefined> => {
    const place = { clientId, conversationId, id };
    return (await (what === "text" ? findText(BLOBS, place) : findAttachment(BLOBS, place)))?.bytes();
  };

/** The conversations of a task's tenant. */
export const conversationsOf =
  (
    { CONVERSATIONS }: Pick<ObjectBindings, "CONVERSATIONS">,
    { clientId, jurisdiction }: Pick<TaskAssignment, "clientId" | "jurisdiction">,
  ) =>
  (conversationId: string) =>
    placedObject(CONVERSATIONS, conversationName(clientId, conversationId), {
      ...anywhere,
      jurisdiction: jurisdiction ?? null,
    });

/** What is known of persons of a task's tenant. */
export const personsOf =
  (
    { TENANT_PERSONALISATION }: Pick<ObjectBindings, "TENANT_PERSONALISATION">,
    { clientId, jurisdiction }: Pick<TaskAssignment, "clientId" | "jurisdiction">,
  ) =>
  () =>
    placedObject(TENANT_PERSONALISATION, clientId, { ...anywhere, jurisdiction: jurisdiction ?? null });

type ProviderBindings = Pick<ObjectBindings, "CIRCUIT_BREAKER"> & { SANDBOX?: Fetcher };

/** What the providers' clients are made of. */
export const providerWorldOf = (env: ProviderBindings): ProviderWorld => ({
  settings: settingsOf(env),
  sandbox: env.SANDBOX,
  breakerOf: (provider) => env.CIRCUIT_BREAKER.getByName(provider),
});
