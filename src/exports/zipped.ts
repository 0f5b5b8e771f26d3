import { makeZip } from "client-zip";

/** A file within an archive. */
export interface ZipEntry {
  /** Its path there, of which no part goes up. */
  name: string;
  pieces: AsyncIterable<Uint8Array>;
}

/**
 * An archive while it is read: an entry is asked for when those before it have been taken, and none is held whole. The
 * entries are stored as they are; archives of any size can be opened (Zip64).
 * @param at when its files were made, epoch milliseconds
 */
export async function* zipped(
  entries: AsyncIterable<ZipEntry>,
  at: number,
): AsyncGenerator<Uint8Array, void> {
  yield* makeZip(dated(entries, new Date(at)));
}

async function* dated(entries: AsyncIterable<ZipEntry>, lastModified: Date) {
  for await (const { name, pieces } of entries) yield { name, lastModified, input: pieces };
}
