const kib = 1024;

/** Sizes the tenant object accepts; a SQLite row holds at most 2 MB, a queue message 128 KB, an RPC 32 MB. */
export const limits = {
  steps: 200,
  planBytes: 256 * kib,
  inputBytes: 256 * kib,
  configBytes: 256 * kib,
  /** Everything a run is started with, its child workflows and agents included. */
  headerBytes: 1536 * kib,
  /** Output of one task. */
  outputBytes: 512 * kib,
  /** What a step puts out when its tasks have joined, what a pause shows, and what a run gives. */
  joinedBytes: 1536 * kib,
  /** Outputs of all tasks of a run together; a run is held in memory while it is active. */
  runBytes: 8 * kib * kib,
  /** A task's rendered input; what does not fit into a queue message travels through R2. */
  taskInputBytes: 1024 * kib,
  /** Rendered inputs of all tasks of a run together: a thousand items may each be given the same large thing. */
  runInputBytes: 32 * kib * kib,
  envelopeBytes: 100 * kib,
  /** Data of one event; larger data is left out of the event and read from the run. */
  eventBytes: 48 * kib,
  /** What a person says with an answer, as JSON. */
  feedbackBytes: 64 * kib,
  /** Tasks of one `for_each`. */
  items: 1000,
  /** How deep child workflows may be nested. */
  childDepth: 4,
  /** Child workflows one plan may reach. */
  childPlans: 20,
  memoryBytes: 64 * kib,
  memoryMetadataBytes: 16 * kib,
} as const;

const encoder = new TextEncoder();

/** UTF-8 bytes of a value's JSON text; infinitely many for what has none, nested too deep for example. */
export function jsonBytes(value: unknown): number {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
  return encoder.encode(text ?? "").byteLength;
}
