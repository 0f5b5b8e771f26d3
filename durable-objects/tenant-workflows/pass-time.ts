import { waitAtMost } from "#src/kernel/wait-at-most.ts";
import type { Assembly } from "./assemble.ts";

/** The alarm waits no longer than this for what it delivers: what hangs holds up neither leases nor retries. */
const maxAlarmMs = 3000;

/**
 * What the object's alarm is for: finishes what a crash interrupted, lets time pass for the runs that wait for it, and
 * sends again what nobody claimed. The alarm is set for what comes next whatever happens: one that has failed a few
 * times is never tried again by the platform.
 */
export async function passTime(
  parts: Assembly,
  ctx: Pick<DurableObjectState, "waitUntil">,
  now: number,
): Promise<void> {
  const { alarm, desk, leases, outbox, log, webhooks, idempotency, changes, delivery, retention, handOver } =
    parts;
  alarm.fired(now);
  alarm.guard(now);
  try {
    desk.tickDue(now);
    leases.lookAgain();
    outbox.repeat(now);
    log.prune(now);
    idempotency.prune(now);
    changes.notify();
    const work = Promise.all([delivery.drainInTime(), retention.sweep(now)]);
    ctx.waitUntil(work);
    await waitAtMost(work, maxAlarmMs);
    log.settleWhatWasFound();
    webhooks.settle();
  } finally {
    alarm.rest(Date.now());
    handOver.after((work) => ctx.waitUntil(work));
  }
}
