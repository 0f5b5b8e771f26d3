import type { Database } from "#src/db/client.ts";
import type { PlatformMessage } from "#src/objects/platform-message.ts";
import { writeMessages } from "./write-messages.ts";

/** Tries that one batch may cost: enough to find a few bad rows, and not many for a database that takes nothing. */
const maxTries = 32;

export interface Written {
  written: readonly PlatformMessage[];
  /** What could not be written now, and why. */
  left: readonly PlatformMessage[];
  errors: readonly unknown[];
}

/**
 * Writes messages to the read models, all at once if possible. When that fails it tries each half by itself and so
 * on, so that a row which the database refuses does not take the others along.
 */
export async function writeWhatCanBe(db: Database, messages: readonly PlatformMessage[]): Promise<Written> {
  const written: PlatformMessage[] = [];
  const left: PlatformMessage[] = [];
  const errors: unknown[] = [];
  const parts = [messages];
  for (let tries = 0; parts.length > 0; tries++) {
    const part = parts.pop() ?? [];
    if (tries >= maxTries) {
      left.push(...part);
      continue;
    }
    try {
      await writeMessages(db, part);
      written.push(...part);
    } catch (error) {
      const half = Math.ceil(part.length / 2);
      if (part.length > 1) parts.push(part.slice(half), part.slice(0, half));
      else {
        left.push(...part);
        errors.push(error);
      }
    }
  }
  return { written, left, errors };
}
