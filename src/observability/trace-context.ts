import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { randomBytes } from "#src/kernel/random-bytes.ts";

/** A W3C trace context: https://www.w3.org/TR/trace-context/ */
export interface TraceContext {
  traceId: string;
  spanId: string;
  sampled: boolean;
}

const pattern = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

const random = (count: number): string => bytesToHex(randomBytes(count));

/** Parses a `traceparent` header; undefined when it is missing or malformed. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  if (header === undefined) return undefined;
  const [, traceId, spanId, flags] = pattern.exec(header) ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** A new span under `parent`, or a new trace without one. */
export const childOf = (parent: TraceContext | undefined): TraceContext => ({
  traceId: parent?.traceId ?? random(16),
  spanId: random(8),
  sampled: parent?.sampled ?? true,
});

/** The same trace in another span; what is no `traceparent` stays as it is. */
export function withSpan(traceparent: string, spanId: string): string {
  const trace = parseTraceparent(traceparent);
  return trace ? formatTraceparent({ ...trace, spanId }) : traceparent;
}

/** The trace that a `traceparent` is of; null for none. */
export const traceIdOf = (traceparent: string): string | null =>
  parseTraceparent(traceparent)?.traceId ?? null;

/**
 * The span of something that has a name: whoever knows the name knows the span, so that nobody need remember it, and
 * told twice it is the same.
 */
export const spanIdOf = (name: string): string => bytesToHex(sha256(utf8ToBytes(name)).subarray(0, 8));

export const formatTraceparent = ({ traceId, spanId, sampled }: TraceContext): string =>
  `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
