/** A part of a trace: https://opentelemetry.io/docs/specs/otel/trace/api/#span */
export interface Span {
  traceId: string;
  spanId: string;
  /** The span that it is part of; null of the first one. */
  parentId: string | null;
  /** Whose it is, as log lines name it. */
  service: string;
  name: string;
  /** `server` answers somebody, `consumer` carries out what somebody has sent, `internal` is neither. */
  kind: "internal" | "server" | "consumer";
  /** Epoch milliseconds. */
  startedAt: number;
  endedAt: number;
  attributes: Readonly<Record<string, string | number>>;
  /** What went wrong, if anything did. */
  error: string | null;
}

/** Where spans go. */
export interface Spans {
  record(span: Span): void;
}
