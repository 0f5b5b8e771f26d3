/** Sizes the tenant object accepts; a SQLite row holds at most 2 MB, a queue message 128 KB. */
export const limits = {
  steps: 200,
  planBytes: 256 * 1024,
  inputBytes: 256 * 1024,
  configBytes: 256 * 1024,
  /** Output of one task. */
  outputBytes: 512 * 1024,
  /** A task's rendered input; what does not fit into a queue message travels through R2. */
  taskInputBytes: 1024 * 1024,
  envelopeBytes: 100 * 1024,
  deltaCharacters: 16_384,
} as const;

/** UTF-8 bytes of a value's JSON text. */
export const jsonBytes = (value: unknown): number =>
  new TextEncoder().encode(JSON.stringify(value) ?? "").byteLength;
