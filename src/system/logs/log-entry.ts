import type { LogFilter } from "#src/objects/log-ring-api.ts";
import type { LogLine } from "#src/observability/log-line.ts";
import type { LogEntry, SystemLogsQuery } from "./schemas.ts";

/** A line as the API shows it. */
export const logEntry = ({ time, level, service, message, ...metadata }: LogLine): LogEntry => ({
  timestamp: time,
  service,
  level,
  message,
  metadata,
});

/** What is asked for, as the object that keeps lines is asked. */
export const filterOf = ({
  service,
  level,
  since,
  request_id,
  correlation_id,
}: SystemLogsQuery): LogFilter => ({
  service,
  level,
  since: since === undefined ? undefined : Date.parse(since),
  requestId: request_id,
  correlationId: correlation_id,
});
