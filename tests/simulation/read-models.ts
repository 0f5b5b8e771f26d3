import type { PlatformMessage, RunCopy } from "#src/objects/platform-message.ts";

/** What the consumers of the outbox keep: the newest copy of each run. */
export class ReadModels {
  readonly copies = new Map<string, RunCopy>();

  take(message: PlatformMessage): void {
    if (message.type !== "run.copy") return;
    const known = this.copies.get(message.correlation_id);
    if (!known || known.revision < message.revision) this.copies.set(message.correlation_id, message);
  }
}
