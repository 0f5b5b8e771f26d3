import { type LogLevel, logLevels } from "#src/kernel/log-level.ts";
import type { LogFilter } from "#src/objects/log-ring-api.ts";
import { type LogLine, logLineSchema } from "#src/observability/log-line.ts";

const rankOf = (level: LogLevel): number => logLevels.indexOf(level);

/** How a field stands in a line; JSON has no other way to write it. */
const field = (name: string, value: string): string => `${JSON.stringify(name)}:${JSON.stringify(value)}`;

/** What stands in every line that is wanted, as far as that can be told without reading it. */
export const piecesOf = ({ service, requestId, correlationId }: LogFilter): string[] => [
  ...(service === undefined ? [] : [field("service", service)]),
  ...(requestId === undefined ? [] : [field("request_id", requestId)]),
  ...(correlationId === undefined ? [] : [field("correlation_id", correlationId)]),
];

/** A line, if it can be read and is wanted. */
export function wantedLine(text: string, filter: LogFilter, pieces = piecesOf(filter)): LogLine | undefined {
  if (pieces.some((piece) => !text.includes(piece))) return undefined;
  const line = readLine(text);
  if (!line) return undefined;
  const { service, level, since, requestId, correlationId } = filter;
  const isWanted =
    (service === undefined || line.service === service) &&
    (level === undefined || rankOf(line.level) >= rankOf(level)) &&
    (since === undefined || Date.parse(line.time) >= since) &&
    (requestId === undefined || line.request_id === requestId) &&
    (correlationId === undefined || line.correlation_id === correlationId);
  return isWanted ? line : undefined;
}

/** A line of another release, or one that was cut in two, is left out. */
function readLine(text: string): LogLine | undefined {
  try {
    return logLineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
