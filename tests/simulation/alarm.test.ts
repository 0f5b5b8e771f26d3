import { describe, expect, it } from "vitest";
import { migrate } from "#durable-objects/tenant-workflows/migrate.ts";
import { receiptOf } from "#src/objects/platform-message.ts";
import { oneTextStep, startRequest, usage } from "../support/plans.ts";
import { assemble, retentionMs } from "./simulated-parts.ts";
import { SimulatedStorage } from "./simulated-storage.ts";

/** The real parts over a storage of their own, with a run of one text step started at 0. */
function started() {
  const storage = new SimulatedStorage();
  migrate(storage);
  const parts = assemble(
    storage,
    () => "018bcfe5-6800-7000-8000-000000000000",
    {},
    () => undefined,
  );
  parts.desk.start(startRequest("tenant", { plan: oneTextStep }), 0);
  parts.log.markPublished(parts.log.latest);
  const deliverCopies = (now: number) => {
    const pending = parts.outbox.pending(100);
    parts.outbox.sent(pending, now);
    parts.outbox.confirm(pending.map(receiptOf));
  };
  return { ...parts, storage, deliverCopies, task: "018bcfe5-6800-7000-8000-000000000000.write.main" };
}

describe("The alarm of the object", () => {
  it("rings within two seconds of a write, also when nothing else would for long: its delivery may die", () => {
    const { alarm, storage } = started();
    alarm.fired(1000);
    alarm.expect(300_000, 1000);
    alarm.guard(1000);
    expect(storage.alarm).toBe(3000);
    alarm.guard(1500);
    expect(storage.alarm).toBe(3000);
  });

  it("rings again for a task that was due and did not get out", () => {
    const { alarm, leases, storage, deliverCopies } = started();
    deliverCopies(100);
    leases.unsent(leases.due(100, 10), 100);
    alarm.fired(100);
    alarm.rest(100);
    expect(storage.alarm).toBe(2100);
  });

  it("rings for a task that was sent, to see whether somebody took it", () => {
    const { alarm, leases, storage, deliverCopies } = started();
    deliverCopies(100);
    leases.sent(leases.due(100, 10), 100);
    alarm.fired(100);
    alarm.rest(100);
    expect(storage.alarm).toBe(2600);
  });

  it("is set for nothing but the archive once everything is done", () => {
    const { alarm, tasks, log, storage, deliverCopies, task } = started();
    alarm.guard(100);
    expect(
      tasks.complete({ taskId: task, attempt: 1, result: { output: { text: "T" }, usage } }, 200).applied,
    ).toBe(true);
    log.markPublished(log.latest);
    deliverCopies(300);
    alarm.fired(300);
    alarm.rest(300);
    expect(storage.alarm).toBe(200 + retentionMs);
  });
});
