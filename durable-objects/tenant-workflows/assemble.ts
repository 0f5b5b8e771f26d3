import { answeredBy } from "#src/kernel/answered-by.ts";
import { jurisdictionSchema } from "#src/kernel/placement.ts";
import { withTimeout } from "#src/kernel/with-timeout.ts";
import type { ObjectPlatform } from "#src/object-platform.ts";
import { newRunId } from "#src/objects/run-id.ts";
import type { ToolCallsApi } from "#src/objects/tool-calls.ts";
import { triggerOfFeed } from "#src/objects/trigger-calls.ts";
import type { WebhookEndpointApi } from "#src/objects/webhook-endpoint-api.ts";
import { createLogger, errorFields } from "#src/observability/logger.ts";
import { fuelOfTexts, modelTable } from "#src/providers/index.ts";
import { Alarm } from "./alarm.ts";
import { ChangeSignal } from "./change-signal.ts";
import { Audience } from "./delivery/audience.ts";
import { Delivery } from "./delivery/delivery.ts";
import { EndedTurns } from "./delivery/ended-turns.ts";
import { HubSpreadMark } from "./delivery/hub-spread-mark.ts";
import { OpenTaskReport } from "./delivery/open-task-report.ts";
import { ReadModelOutbox } from "./delivery/read-model-outbox.ts";
import { WebhookFeeds } from "./delivery/webhook-feeds.ts";
import { EventLog } from "./event-log.ts";
import { Attempts } from "./history/attempts.ts";
import { ContentQuota } from "./history/content-quota.ts";
import { recordEndedRun } from "./history/ended-run-spans.ts";
import { RunHistory } from "./history/run-history.ts";
import { RunTotals } from "./history/run-totals.ts";
import { Marks, marks as names } from "./marks.ts";
import { MemoryRecall } from "./memory/memory-recall.ts";
import { MemoryStore } from "./memory/memory-store.ts";
import { MemoryTasks } from "./memory/memory-tasks.ts";
import { migrate } from "./migrate.ts";
import { Room } from "./room.ts";
import { ConversationRuns } from "./runs/conversation-runs.ts";
import { countChange, hasEnded, type RunChange } from "./runs/count-change.ts";
import { ExpressionAllowance } from "./runs/expression-allowance.ts";
import { Idempotency } from "./runs/idempotency.ts";
import { Retention } from "./runs/retention.ts";
import { RunArchive } from "./runs/run-archive.ts";
import { RunDesk } from "./runs/run-desk.ts";
import { RunEraser } from "./runs/run-eraser.ts";
import { RunMover } from "./runs/run-mover.ts";
import { RunStore } from "./runs/run-store.ts";
import { TaskDesk } from "./tasks/task-desk.ts";
import { TaskLeases } from "./tasks/task-leases.ts";
import { TaskRows } from "./tasks/task-rows.ts";

/** The name the object was made with, remembered from the first call: an alarm does not tell it. */
function ownName({ id, storage: { sql } }: DurableObjectState): string {
  const known = sql.exec<{ name: string }>("SELECT name FROM identity").toArray()[0]?.name;
  if (known !== undefined) return known;
  if (id.name !== undefined) sql.exec("INSERT INTO identity (only, name) VALUES (1, ?)", id.name);
  return id.name ?? "";
}

/** How long personas may take to begin for the events of one call; they are handed over again after that. */
const triggerPatienceMs = 60_000;

/** Who takes the events of a feed: a webhook's endpoint; of a trigger's the gateway, which starts its persona. */
const takersOf =
  (clientId: string, { objects, toolCalls }: Pick<ObjectPlatform, "objects" | "toolCalls">) =>
  (feed: string): Pick<WebhookEndpointApi, "take"> => {
    const triggerId = triggerOfFeed(feed);
    if (triggerId === undefined) return objects.webhook(clientId, feed);
    return {
      take: async (epoch, events) => {
        if (!toolCalls) throw new Error("The gateway, which starts what is triggered, is not bound");
        return withTimeout(toolCalls.fireTrigger({ clientId, triggerId, epoch, events }), triggerPatienceMs);
      },
    };
  };

/** The parts of an object. */
export type Assembly = ReturnType<typeof assemble>;

/** Opens the object's tables and puts its parts together. */
export function assemble(ctx: DurableObjectState, platform: ObjectPlatform) {
  const { storage } = ctx;
  const { sql } = storage;
  migrate(storage);
  const isNew = sql.exec("SELECT 1 FROM identity").toArray().length === 0;
  const name = ownName(ctx);
  const [clientId = "", shardName = "0"] = name.split(":");
  const shard = Number(shardName);
  const {
    LOG_LEVEL,
    MODEL_PRICES,
    RUN_RETENTION_SECONDS,
    TASKS_AT_ONCE,
    TASK_LEASE_SECONDS,
    WORKFLOW_OBJECT_BYTES,
  } = platform.settings;
  const retentionMs = RUN_RETENTION_SECONDS * 1000;
  const { metrics, logs, spans } = platform;
  const logger = createLogger("tenant-workflows", LOG_LEVEL, { client_id: clientId }, logs);
  const semantic = platform.semanticIndex(clientId);
  const room = new Room({ storage, maxBytes: WORKFLOW_OBJECT_BYTES, logger });
  const marks = new Marks(sql);
  if (isNew) marks.set(names.wholeHistory, 1);
  const textFuel = fuelOfTexts(modelTable(MODEL_PRICES));
  const leases = new TaskLeases(sql, { atOnce: TASKS_AT_ONCE, leaseMs: TASK_LEASE_SECONDS * 1000 });
  const taskRows = new TaskRows(sql, leases);
  const openTasks = new OpenTaskReport(sql, marks, taskRows);
  const runs = new RunStore(sql, textFuel, taskRows);
  const changes = new ChangeSignal();
  const log = new EventLog(sql, marks, changes);
  const audience = new Audience(new HubSpreadMark(marks), log);
  const webhooks = new WebhookFeeds(sql, log);
  const endpointOf = (webhookId: string) => platform.objects.webhook(clientId, webhookId);
  const takerOf = takersOf(clientId, platform);
  const outbox = new ReadModelOutbox(sql);
  const totals = new RunTotals(sql);
  const history = new RunHistory(sql, clientId, totals);
  const attempts = new Attempts(sql, clientId);
  const memories = new MemoryStore(sql, semantic !== undefined, metrics);
  const recall = new MemoryRecall(memories, semantic, { logger, metrics });
  const memory = new MemoryTasks(memories, recall);
  const idempotency = new Idempotency(sql);
  const conversationRuns = new ConversationRuns(sql);
  const archive = new RunArchive(platform.blobs, clientId);
  const newId = (now: number) => newRunId(shard, now);
  const endedTurns = new EndedTurns(sql);
  const alarm = new Alarm(storage, { outbox, log, room, openTasks, webhooks, endedTurns }, retentionMs);
  const shared = {
    alarm,
    audience,
    webhooks,
    endpointOf,
    takerOf,
    jurisdiction: jurisdictionSchema.parse(ctx.id.jurisdiction),
    shard,
    newId,
    changes,
    storage,
    runs,
    fuelOfTexts: textFuel,
    leases,
    log,
    marks,
    memory,
    allowance: new ExpressionAllowance(),
    outbox,
    openTasks,
    endedTurns,
    history,
    attempts,
    quota: new ContentQuota(sql, marks, history, runs),
    logger,
    observe(change: RunChange, now: number) {
      countChange(metrics, change, now);
      if (spans && hasEnded(change)) recordEndedRun(spans, runs, change.after);
    },
  };
  const mover = new RunMover(shared);
  const tasks = new TaskDesk({ ...shared, mover });
  const waitUntil = (work: Promise<unknown>) => ctx.waitUntil(work);
  const toolCalls: ToolCallsApi = {
    useTool: (call) =>
      answeredBy(
        platform.toolCalls,
        (gateway) => gateway.useTool(call),
        (error) => logger.error("the gateway did not answer a tool's call", errorFields(error)),
      ),
  };
  const desk = new RunDesk({ ...shared, mover, idempotency, conversationRuns });
  const retention = new Retention({ ...shared, archive, room, retentionMs });
  const redactElsewhere = async (runIds: readonly string[]) => {
    if (shard > 0) await platform.objects.workflows(clientId).redactEvents(runIds);
  };
  return {
    storage,
    audience,
    webhooks,
    endpointOf,
    changes,
    marks,
    runs,
    leases,
    log,
    totals,
    history,
    attempts,
    room,
    memories,
    recall,
    idempotency,
    outbox,
    archive,
    desk,
    tasks,
    toolCalls,
    handOver: platform.handOver,
    retention,
    eraser: new RunEraser({ ...shared, archive, conversationRuns, desk, retention, redactElsewhere }),
    delivery: new Delivery({
      ...platform,
      ...shared,
      tasks,
      name,
      clientId,
      recall,
      waitUntil,
    }),
    alarm,
  };
}
