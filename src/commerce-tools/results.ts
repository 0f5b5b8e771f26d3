/** Bytes of a result's entries, as JSON. */
const maxBytes = 8 * 1024;

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).byteLength;

/** As many of some entries, from the first, as a result holds, and how many are left out. */
export function fitting<T>(entries: readonly T[]): { entries: T[]; left_out: number } {
  let left = maxBytes;
  const fits = entries.findIndex((entry) => {
    left -= bytesOf(entry) + 1;
    return left < 0;
  });
  const kept = fits === -1 ? [...entries] : entries.slice(0, fits);
  return { entries: kept, left_out: entries.length - kept.length };
}
