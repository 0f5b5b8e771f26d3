import { z } from "zod";
import { type Lane, type TaskConsumer, taskConsumers, topics } from "#src/engine/topics.ts";
import { conversationMessageSchema } from "#src/objects/conversation-message.ts";
import { countedMessageSchema } from "#src/objects/counted-events.ts";
import { platformBodySchema } from "#src/objects/platform-message.ts";
import { documentMessageSchema } from "./document-message.ts";
import { taskEnvelopeSchema } from "./envelope.ts";
import { exportMessageSchema } from "./export-message.ts";
import { maintenanceMessageSchema } from "./maintenance-message.ts";
import { staffMessageSchema } from "./staff-message.ts";
import { userImportMessageSchema } from "./user-import-message.ts";
import { webhookMessageSchema } from "./webhook-message.ts";

/** The Workers that take messages from queues. */
export type ConsumerName = TaskConsumer | "documents" | "events";

interface QueueRow {
  /** Under which its producers bind it. */
  binding: string;
  /** The Worker that takes its messages. */
  consumer: ConsumerName;
  /** The Workers that put messages on it. */
  producers: readonly ("gateway" | "objects" | ConsumerName)[];
  /** What a message says. */
  message: z.ZodType;
  /** Messages that are taken at once. Tasks share the six connections of an invocation; an import has ten seconds of CPU. */
  batchSize: number;
  /** The logical topics that travel on it, but for those of agent types, each with what it carries. */
  topics: Readonly<Record<string, string>>;
}

/** The gateway sends what was buried again. */
const fromObjects = ["objects", "gateway"] as const;

const tasks = { producers: fromObjects, message: taskEnvelopeSchema } as const;

/** A reasoning task may use two connections at a time. */
const agentTasks = {
  ...tasks,
  consumer: "agents",
  batchSize: 3,
  topics: {
    [topics.generic]: "Tasks of data-driven agents without a topic of their own",
    [topics.reasoning]: "Reviews, analyses, decisions, evaluations",
  },
} as const;

/**
 * The queues. What there is to be known of one stands here and nowhere else in the code; wrangler files and
 * docs/deployment.md are held against it (tests/house/queues.test.ts).
 */
export const queueTable = {
  "agent-tasks-high": { ...agentTasks, binding: "AGENT_TASKS_HIGH" },
  "agent-tasks-normal": { ...agentTasks, binding: "AGENT_TASKS_NORMAL" },
  "agent-tasks-low": { ...agentTasks, binding: "AGENT_TASKS_LOW" },
  "adapter-tasks": {
    ...tasks,
    binding: "ADAPTER_TASKS",
    consumer: "adapters",
    batchSize: 5,
    topics: { [topics.webSearch]: "Web searches", [topics.imageGenerate]: "Pictures" },
  },
  "document-tasks": {
    binding: "DOCUMENT_TASKS",
    consumer: "documents",
    producers: ["gateway"],
    message: documentMessageSchema,
    // A document is held in memory, some times over.
    batchSize: 1,
    topics: { "system.documents.read": "Documents that came with messages, to be read" },
  },
  "platform-events": {
    binding: "PLATFORM_EVENTS",
    consumer: "events",
    producers: fromObjects,
    message: z.union([
      platformBodySchema,
      maintenanceMessageSchema,
      webhookMessageSchema,
      conversationMessageSchema,
      countedMessageSchema,
      staffMessageSchema,
    ]),
    batchSize: 10,
    topics: {
      "system.events": "Usage and other records for the read models",
      "orchestrator.state-changes": "Copies of runs for the read models",
    },
  },
  "user-imports": {
    binding: "USER_IMPORTS",
    consumer: "events",
    // An import goes on by messages to itself.
    producers: ["gateway", "events"],
    message: userImportMessageSchema,
    batchSize: 1,
    topics: { "system.imports.users": "Steps of imports of accounts" },
  },
  exports: {
    binding: "EXPORTS",
    consumer: "events",
    // As imports do.
    producers: ["gateway", "events"],
    message: exportMessageSchema,
    batchSize: 1,
    topics: { "system.exports.conversations": "Steps of exports of conversations" },
  },
} as const satisfies Record<string, QueueRow>;

type QueueTable = typeof queueTable;
export type QueueName = keyof QueueTable;
/** The queues whose messages a Worker takes. */
export type QueueOf<C extends ConsumerName> = {
  [N in QueueName]: QueueTable[N]["consumer"] extends C ? N : never;
}[QueueName];
/** The queues that carry tasks. */
export type TaskQueue = QueueOf<TaskConsumer>;
export type MessageOn<N extends QueueName> = z.output<QueueTable[N]["message"]>;

export const isQueue = (name: string): name is QueueName => Object.hasOwn(queueTable, name);

/** Whether a queue carries tasks. */
export const isTaskQueue = (name: QueueName): name is TaskQueue =>
  taskConsumers.some((consumer) => consumer === queueTable[name].consumer);

export const queueNames: readonly QueueName[] = Object.keys(queueTable).filter(isQueue);
export const taskQueues: readonly TaskQueue[] = queueNames.filter(isTaskQueue);

/** Whether there may be several of a queue, with numbers: an import is one message after the other. */
export const isSpreadable = (name: QueueName): name is Exclude<QueueName, "user-imports"> =>
  name !== "user-imports";

/** The queue of agent tasks of a priority. */
export const queueOfLane = (lane: Lane): QueueOf<"agents"> => `agent-tasks-${lane}`;

/** The Worker that takes a queue's messages, by the name that it is deployed under. */
export const consumerOf = (name: QueueName) => `persona-${queueTable[name].consumer}` as const;

/** Whether a message can be read by whoever takes it from a queue. */
export const isMessageOn = <N extends QueueName>(name: N, body: unknown): body is MessageOn<N> =>
  queueTable[name].message.safeParse(body).success;

/** Under which the producers of queues bind them. */
export type BindingOf<N extends QueueName> = QueueTable[N]["binding"];

/** Under which the producers of a queue bind it. */
export const bindingOf = <N extends QueueName>(name: N): BindingOf<N> => queueTable[name].binding;

/** The producers of queues, as Workers bind them. */
export type QueueBindings<N extends QueueName = QueueName> = {
  [Q in N as BindingOf<Q>]: Queue<MessageOn<Q>>;
};
