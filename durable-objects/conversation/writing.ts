import { type Outcome, refusal } from "#src/kernel/outcome.ts";
import type { ObjectPlatform } from "#src/object-platform.ts";
import type { Stale } from "#src/objects/turn-contract.ts";
import { DeliveryLine } from "../delivery-line.ts";
import { alarmBy } from "./alarm-by.ts";
import type { assemble } from "./assemble.ts";

/** After so long an alarm sends what a crash has kept back. */
const guardMs = 5000;

/** What is said of a conversation that is not there. */
export const notFound = refusal("NOT_FOUND", "No such conversation");

const archived = refusal("CONVERSATION_ARCHIVED");

/** Where a conversation's changes are written, each in one transaction, and from where they are told to others. */
export class Writing {
  readonly #ctx: DurableObjectState;
  readonly #platform: Pick<ObjectPlatform, "handOver">;
  readonly #parts: ReturnType<typeof assemble>;
  readonly #line: DeliveryLine;

  constructor(
    ctx: DurableObjectState,
    platform: Pick<ObjectPlatform, "handOver">,
    parts: ReturnType<typeof assemble>,
  ) {
    this.#ctx = ctx;
    this.#platform = platform;
    this.#parts = parts;
    this.#line = new DeliveryLine("turns and lists", 0, () => this.#sendDue(), parts.logger);
  }

  turn<T>(work: (now: number) => T | Stale): T | Stale {
    return this.#parts.state.isThere ? this.written(work) : { ok: false, code: "NOT_FOUND" };
  }

  change<T>(work: (now: number) => Outcome<T>): Outcome<T> {
    if (!this.#parts.state.isThere) return notFound;
    return this.#parts.freezer.isArchived ? archived : this.written(work);
  }

  /** Writes what belongs together, and tells everybody who is to hear of it. */
  written<T>(work: (now: number) => T): T {
    const { state, outbox, search, live, clock } = this.#parts;
    const now = clock.now();
    const before = state.hasBegun ? state.row.revision : 0;
    const outcome = state.transaction(() => {
      const done = work(now);
      if (state.row.revision !== before) {
        outbox.tellLists(now);
        outbox.tellTenant(now);
        search.note(now);
      }
      return done;
    });
    live.tellAll(now);
    this.#wake();
    return outcome;
  }

  /** Sends what is due, and has the alarm ring if what is being sent hangs. */
  async #deliverNow(): Promise<void> {
    void this.#ctx.storage.setAlarm(this.#parts.clock.now() + guardMs);
    await this.deliver();
  }

  /**
   * Sends what is due, and has the alarm ring for what comes next, also where something has failed. Whoever calls it comes
   * again where it does not come to its end, as the alarm does.
   */
  async deliver(): Promise<void> {
    const { storage } = this.#ctx;
    const { outbox, live, clock, absence, holder } = this.#parts;
    const absent = absence.requestAt(clock.now());
    if (absent) this.written((at) => holder.change(absent, at));
    await this.#line.run();
    const { nextAt } = outbox;
    const now = clock.now();
    const soonest = nextAt !== null && nextAt <= now ? now + guardMs : nextAt;
    const next = Math.min(soonest ?? Number.POSITIVE_INFINITY, live.endsAt, absence.dueAt);
    if (Number.isFinite(next)) await storage.setAlarm(next);
    else await storage.deleteAlarm();
    this.#platform.handOver.after((work) => this.#ctx.waitUntil(work));
  }

  /** Has sent what is due; the alarm is armed first, for what a crash would keep back. */
  #wake(): void {
    const { nextAt } = this.#parts.outbox;
    if (nextAt === null || this.#line.isBusy) return;
    this.#ctx.waitUntil(nextAt > this.#parts.clock.now() ? this.armBy(nextAt) : this.#deliverNow());
  }

  /** Has the alarm ring by then. */
  async armBy(at: number): Promise<void> {
    await alarmBy(this.#ctx.storage, at);
  }

  /** @returns whether there is more */
  async #sendDue(): Promise<boolean> {
    const { courier, outbox, clock } = this.#parts;
    await courier.run(clock.now());
    const { nextAt } = outbox;
    return nextAt !== null && nextAt <= clock.now();
  }
}
