export type LogLevel = "debug" | "info" | "warn" | "error";

/** Values a log line may carry: flat and plain, so no request body or secret object slips in. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line. */
  with(fields: LogFields): Logger;
}

const rank: Record<LogLevel, number> = { debug: 10, info: 20, warn: 30, error: 40 };

/** JSON lines on the console, which Workers Logs collects and indexes. */
export function createLogger(service: string, minimum: LogLevel = "info", context: LogFields = {}): Logger {
  const write =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (rank[level] < rank[minimum]) return;
      const line = JSON.stringify({
        time: new Date().toISOString(),
        level,
        service,
        message,
        ...context,
        ...fields,
      });
      console[level](line);
    };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    with: (fields) => createLogger(service, minimum, { ...context, ...fields }),
  };
}

/** What is worth logging of an unknown thrown value. */
export function errorFields(error: unknown): LogFields {
  return error instanceof Error
    ? { error_name: error.name, error_message: error.message, stack: error.stack }
    : { error_message: String(error) };
}
