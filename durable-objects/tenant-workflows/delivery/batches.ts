import { jsonBytes } from "#src/engine/limits.ts";

/** Messages that a queue takes at once. */
export const batchSize = 100;

/** Splits entries so that no batch is larger than a queue takes, unless a single entry is. */
export function* batches<T>(
  entries: readonly T[],
  bodyOf: (entry: T) => unknown,
  maxBytes: number,
): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = jsonBytes(bodyOf(entry));
    if (batch.length > 0 && (batch.length >= batchSize || bytes + size > maxBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
