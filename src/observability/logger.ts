import type { LogLevel } from "#src/kernel/log-level.ts";
import { consoleLogs, type LogFields, type Logs } from "./logs.ts";

export type { LogFields };

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line. */
  with(fields: LogFields): Logger;
}

const rank: Record<LogLevel, number> = { debug: 10, info: 20, warn: 30, error: 40 };

/** Writes what is at least that severe, on the console unless somewhere else is given. */
export const createLogger = (
  service: string,
  minimum: LogLevel = "info",
  context: LogFields = {},
  logs: Logs = consoleLogs,
): Logger => new LineLogger(service, minimum, context, logs);

/** A class, since every request has one of its own and most say nothing. */
class LineLogger implements Logger {
  readonly #service: string;
  readonly #minimum: LogLevel;
  readonly #context: LogFields;
  readonly #logs: Logs;

  constructor(service: string, minimum: LogLevel, context: LogFields, logs: Logs) {
    this.#service = service;
    this.#minimum = minimum;
    this.#context = context;
    this.#logs = logs;
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
    return new LineLogger(this.#service, this.#minimum, { ...this.#context, ...fields }, this.#logs);
  }

  #write(level: LogLevel, message: string, fields: LogFields = {}): void {
    if (rank[level] < rank[this.#minimum]) return;
    const time = new Date().toISOString();
    this.#logs.write(level, { time, level, service: this.#service, message, ...this.#context, ...fields });
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
