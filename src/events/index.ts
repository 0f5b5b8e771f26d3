/** The door of `events`: what other rooms may import of it. */
export type { AppendedEvent, EventFeed, EventLog, EventPage, EventQuery } from "./event-log.ts";
export { deliverEvents, sweepEvents } from "./event-outbox.ts";
export {
  outboxForTenants,
  outboxStatement,
  type TenantEvent,
  waitingEvents,
} from "./event-outbox-repository.ts";
export { followLog, type LogFrame } from "./follow-log.ts";
export { type PlatformEvent, platformEventSchema, terminalExecutionEvents } from "./platform-event.ts";
export {
  type Extent,
  epochShape,
  type Gap,
  type Place,
  placeFrom,
  placeShape,
  placeText,
  resumeAt,
} from "./resume.ts";
