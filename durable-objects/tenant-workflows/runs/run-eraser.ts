import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import { viewOf } from "#src/objects/run-projection.ts";
import type { EventLog } from "../event-log.ts";
import type { Attempts } from "../history/attempts.ts";
import type { ConversationRuns } from "./conversation-runs.ts";
import type { Retention } from "./retention.ts";
import type { RunArchive } from "./run-archive.ts";
import type { RunDesk } from "./run-desk.ts";
import type { RunStore } from "./run-store.ts";

/** Runs that one call erases. */
const erasedAtOnce = 50;

/** Runs that are erased side by side: an invocation has six connections. */
const maxAtOnce = 4;

interface Parts {
  storage: Pick<DurableObjectStorage, "transactionSync">;
  conversationRuns: ConversationRuns;
  runs: RunStore;
  archive: RunArchive;
  desk: Pick<RunDesk, "cancelAll">;
  attempts: Attempts;
  log: Pick<EventLog, "redact">;
  retention: Pick<Retention, "alone">;
  /** Has the object with the tenant's event log do the same there, where that is another one. */
  redactElsewhere(runIds: readonly string[]): Promise<void>;
}

/**
 * Erases the runs of a conversation that was erased: what their tasks were given and gave, in the object and in the
 * archive, what they have made, and what the event log says of that. Their lines in lists stay, which are figures. What
 * comes late of them finds no run.
 */
export class RunEraser {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @returns whether there is more to erase: call it again */
  async erase(conversationId: string, now: number): Promise<{ isMore: boolean }> {
    const { conversationRuns, desk, log, retention, redactElsewhere } = this.#parts;
    const ids = conversationRuns.of(conversationId, erasedAtOnce);
    if (ids.length === 0) return { isMore: false };
    desk.cancelAll(ids, "tenant", { reason: "The conversation was erased" }, now);
    // A run that is on its way to the archive would come to lie there behind our back.
    const done = await retention.alone(now, async () => {
      log.redact(ids);
      await redactElsewhere(ids);
      await mapConcurrent(ids, maxAtOnce, (id) => this.#erase(conversationId, id, now));
      return true;
    });
    return { isMore: !done || ids.length === erasedAtOnce };
  }

  /** Its row goes last: whatever interrupts, it is erased once more. */
  async #erase(conversationId: string, id: string, now: number): Promise<void> {
    const { storage, runs, archive, attempts, conversationRuns } = this.#parts;
    const here = runs.load(id);
    const { view } = here ? { view: viewOf(here) } : ((await archive.get(id, "tenant")) ?? {});
    const { instance_id: instanceId = null, completed_at: endedAt = null } = view ?? {};
    const family = here ? [id, ...runs.descendantsOf(id)] : await archive.familyOf(id);
    await archive.erase(family);
    storage.transactionSync(() => {
      if (instanceId !== null)
        for (const runId of family)
          attempts.forgetImages({ instanceId, runId, until: endedAt === null ? now : Date.parse(endedAt) });
      runs.remove(id);
      conversationRuns.erased(conversationId, id);
    });
  }
}
