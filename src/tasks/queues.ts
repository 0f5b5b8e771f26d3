/** The queues: under which binding their producers have them, and which Worker takes their messages. */
export const queueTable = {
  "agent-tasks-high": { binding: "AGENT_TASKS_HIGH", consumer: "persona-agents" },
  "agent-tasks-normal": { binding: "AGENT_TASKS_NORMAL", consumer: "persona-agents" },
  "agent-tasks-low": { binding: "AGENT_TASKS_LOW", consumer: "persona-agents" },
  "adapter-tasks": { binding: "ADAPTER_TASKS", consumer: "persona-adapters" },
  "platform-events": { binding: "PLATFORM_EVENTS", consumer: "persona-events" },
  "user-imports": { binding: "USER_IMPORTS", consumer: "persona-events" },
} as const satisfies Record<string, { binding: string; consumer: string }>;

export type QueueName = keyof typeof queueTable;

/** The producers of all queues, as Workers bind them. */
export type QueueBindings = Record<(typeof queueTable)[QueueName]["binding"], Queue<unknown>>;

/** The producers of all queues, by their queues' names. */
export interface Queues {
  of(name: QueueName): Queue<unknown>;
}

export const queuesOf = (env: QueueBindings): Queues => ({ of: (name) => env[queueTable[name].binding] });
