import type { LogLevel } from "#src/kernel/log-level.ts";

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
export const createLogger = (service: string, minimum: LogLevel = "info", context: LogFields = {}): Logger =>
  new ConsoleLogger(service, minimum, context);

/** A class, since every request has one of its own and most say nothing. */
class ConsoleLogger implements Logger {
  readonly #service: string;
  readonly #minimum: LogLevel;
  readonly #context: LogFields;

  constructor(service: string, minimum: LogLevel, context: LogFields) {
    this.#service = service;
    this.#minimum = minimum;
    this.#context = context;
  }

  debug(message: string, fields?: LogFields): void {
    this.#write("debug", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write("warn", message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write("error", message, fields);
  }

  with(fields: LogFields): Logger {
    return new ConsoleLogger(this.#service, this.#minimum, { ...this.#context, ...fields });
  }

  #write(level: LogLevel, message: string, fields: LogFields = {}): void {
    if (rank[level] < rank[this.#minimum]) return;
    const time = new Date().toISOString();
    console[level](
      JSON.stringify({ time, level, service: this.#service, message, ...this.#context, ...fields }),
    );
  }
}

/** What is worth logging of an unknown thrown value. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error_message: String(error) };
  const { name, message, stack } = error;
  if (!("query" in error && "params" in error)) return { error_name: name, error_message: message, stack };
  // A failed query's message, and with it the stack, ends with its parameters: hashes, addresses, keys.
  const told = `Failed query: ${error.query} (${error.cause})`;
  return { error_name: name, error_message: told, stack: stack?.split(message).join(told) };
}
