/** The door of `tasks`: what other rooms may import of it. */
export type { TaskOutcome, TaskWork } from "./carry-out.ts";
export { consumeSteps } from "./consume-steps.ts";
export { type Consumer, consumeTasks } from "./consume-tasks.ts";
export { type DeadLetter, deadLetter, deadLetterSchema, taskAddressSchema } from "./dead-letter.ts";
export {
  type DeadLetterBindings,
  deadLetterQueueOf,
  deadLettersOf,
  queueOfDeadLetters,
} from "./dead-letter-queues.ts";
export { detachedWork } from "./detached-work.ts";
export { type TaskEnvelope, taskEnvelopeSchema } from "./envelope.ts";
export { type ExportMessage, exportMessageSchema } from "./export-message.ts";
export {
  type MaintenanceMessage,
  maintenanceMessageSchema,
  tenantsOfMessage,
} from "./maintenance-message.ts";
export {
  numberedBinding,
  numberedName,
  type Queues,
  queueCalled,
  queueNumbers,
  queuesOf,
} from "./numbered-queues.ts";
export { Places } from "./places.ts";
export {
  consumerOf,
  isMessageOn,
  isQueue,
  isTaskQueue,
  type MessageOn,
  type QueueBindings,
  type QueueName,
  queueNames,
  type TaskQueue,
  taskQueues,
} from "./queues.ts";
export { retryDelay } from "./retry-delay.ts";
export { consumerOfTask, queueOfTask } from "./route-task.ts";
export { staffMessageSchema } from "./staff-message.ts";
export { TaskAskedError } from "./task-asked-error.ts";
export { type TopicEntry, topicDirectory } from "./topic-directory.ts";
export { type UserImportMessage, userImportMessageSchema } from "./user-import-message.ts";
export { type WebhookMessage, webhookMessageSchema } from "./webhook-message.ts";
