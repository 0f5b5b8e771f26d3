import type { OpenTasks, PlatformMessage, RunCopy } from "#src/objects/platform-message.ts";

/** What the consumers of the outbox keep: the newest copy of each run, and what was counted last of open tasks. */
export class ReadModels {
  readonly copies = new Map<string, RunCopy>();
  #open: OpenTasks | undefined;

  take(message: PlatformMessage): void {
    if (message.type === "tasks.open" && message.at > (this.#open?.at ?? 0)) this.#open = message;
    if (message.type !== "run.copy") return;
    const known = this.copies.get(message.correlation_id);
    if (!known || known.revision < message.revision) this.copies.set(message.correlation_id, message);
  }

  /** The open tasks that it believes in. */
  openTasks(now: number): OpenTasks["topics"] {
    return this.#open && this.#open.until > now ? this.#open.topics : {};
  }
}
