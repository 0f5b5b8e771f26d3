import { type Egress, egressOf } from "#src/egress/index.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { type SemanticIndex, type VectorBindings, vectorizeIndex } from "#src/memory/index.ts";
import type { AnswerJudgeApi } from "#src/objects/moderation-contract.ts";
import { type ObjectBindings, type OwnObjects, ownObjects } from "#src/objects/objects.ts";
import type { PersonaItemsApi } from "#src/objects/persona-items-api.ts";
import type { ToolCallsApi } from "#src/objects/tool-calls.ts";
import type { TriggerCallsApi } from "#src/objects/trigger-calls.ts";
import { createLogger, type LogFields, type Logger } from "#src/observability/logger.ts";
import type { Logs } from "#src/observability/logs.ts";
import type { ConversationSockets, GraphqlCallsApi, SocketCallsApi } from "#src/realtime/index.ts";
import { type QueueBindings, type Queues, queuesOf, type TaskQueue } from "#src/tasks/index.ts";
import type { Platform } from "./platform.ts";
import { type Telemetry, telemetryOf } from "./telemetry-platform.ts";

/** The queues that Durable Objects put messages on. */
type QueueOfObjects = TaskQueue | "platform-events";

/** What the Worker binds that hosts the Durable Object classes; with AI and Vectorize, memories are found by meaning. */
export interface ObjectPlatformBindings
  extends ObjectBindings,
    QueueBindings<QueueOfObjects>,
    Partial<VectorBindings> {
  BLOBS: R2Bucket;
  /** Not there before the gateway is (docs/deployment.md). */
  SOCKET_CALLS?: SocketCallsApi & GraphqlCallsApi & ConversationSockets;
  TOOL_CALLS?: ToolCallsApi & TriggerCallsApi & AnswerJudgeApi & PersonaItemsApi;
  LOG_LEVEL?: string;
}

/** Everything that Durable Objects reach the world with. */
export interface ObjectPlatform extends Pick<Platform, "settings" | "blobs">, Telemetry {
  objects: OwnObjects;
  queues: Queues<QueueOfObjects>;
  /** The way out to URLs that somebody gave us. */
  egress: Egress;
  /** The gateway, which does what only operations may; undefined where it is not bound. */
  socketCalls: (SocketCallsApi & GraphqlCallsApi & ConversationSockets) | undefined;
  /**
   * The gateway, which carries out what personas do in the shop, starts them, holds what they say against rules, and knows which
   * there are; undefined where it is not bound.
   */
  toolCalls: (ToolCallsApi & TriggerCallsApi & AnswerJudgeApi & PersonaItemsApi) | undefined;
  /** Finds a tenant's memories by meaning, where AI and Vectorize are bound. */
  semanticIndex(clientId: string): SemanticIndex | undefined;
}

/**
 * Puts together what an object needs.
 * @param id its own
 */
export function objectPlatformOf(env: ObjectPlatformBindings, id: DurableObjectId): ObjectPlatform {
  const settings = settingsOf(env);
  const telemetry = telemetryOf(env);
  const { AI, MEMORY_VECTORS, BLOBS, SOCKET_CALLS, TOOL_CALLS } = env;
  return {
    ...telemetry,
    settings,
    objects: ownObjects(env, settings, id),
    queues: queuesOf<QueueOfObjects>(env, settings, telemetry.metrics),
    egress: egressOf(settings),
    blobs: BLOBS,
    socketCalls: SOCKET_CALLS,
    toolCalls: TOOL_CALLS,
    semanticIndex: (clientId) =>
      AI && MEMORY_VECTORS ? vectorizeIndex({ AI, MEMORY_VECTORS }, clientId) : undefined,
  };
}

/**
 * An object's log, for one that says little: what it says is handed over behind whatever is going on.
 * @param context what every line says
 */
export function objectLogger(
  env: ObjectPlatformBindings,
  ctx: Pick<DurableObjectState, "waitUntil">,
  service: string,
  context: LogFields,
): Logger {
  const { logs, handOver } = telemetryOf(env);
  const handedOver: Logs = {
    write: (level, line) => {
      logs.write(level, line);
      handOver.after((work) => ctx.waitUntil(work));
    },
  };
  return createLogger(service, settingsOf(env).LOG_LEVEL, context, handedOver);
}
