import { auditAction } from "#src/audit/index.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { audienceOf, type EventNameOf, type EventOf } from "#src/kernel/event-catalogue.ts";
import type { Platform } from "#src/platform.ts";
import { canBecome, findInstance, type InstanceRow, updateInstanceStatement } from "./instance-repository.ts";
import type { InstanceScope } from "./instance-scope.ts";

/** What happened to an instance; or what everybody in its tenant shall know, without a word of the instance. */
export type InstanceEvent = EventOf<EventNameOf<"instance"> | "system.notification">;

/** What an instance is to become. */
export interface InstanceChange {
  after: InstanceRow;
  /** Told with the change. */
  events:
    | []
    | [EventOf<"instance.updated" | "instance.deleted" | "instance.status.changed">, ...InstanceEvent[]];
}

const maxAttempts = 5;

/**
 * Changes an instance: what `change` makes of the latest row is written only over
 * that row, so two changes at once both count. Change and events are one batch,
 * with an audit row where the instance is not the caller's own.
 * @throws AppError `NOT_FOUND` outside the scope; `CONFLICT` when others keep changing it
 */
export async function changeInstance(
  platform: Pick<Platform, "db" | "clock" | "tell">,
  actor: Account,
  id: string,
  change: (before: InstanceRow) => Promise<InstanceChange> | InstanceChange,
  scope: InstanceScope = actor,
): Promise<InstanceRow> {
  const { db, clock } = platform;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const before = await findInstance(db, scope, id);
    if (!before) throw new AppError("NOT_FOUND", { message: "No such persona instance" });
    const { clientId, ownerUserId } = before;
    const { after, events } = await change(before);
    const [first, ...more] = events;
    if (!first) return before;
    const now = clock.now();
    const changed = { ...after, revision: before.revision + 1, updatedAt: now };
    const { instance_id: _, ...details } = first.data;
    const action = { action: first.event, target: { type: "instance", id }, clientId, details };
    const asRead = canBecome(before, changed);
    const tell = (told: InstanceEvent) =>
      platform.tell(
        {
          clientId,
          ...told,
          // Others learn neither whose instance it is nor which.
          ...(audienceOf(told.event) === "tenant"
            ? { entityId: clientId, ownerUserId: null }
            : { entityId: id, ownerUserId }),
        },
        now,
        asRead,
      );
    // Last what the others ask for.
    const results = await db.batch([
      tell(first),
      ...more.map(tell),
      ...(ownerUserId === actor.userId ? [] : [auditAction(platform, actor, action, asRead)]),
      updateInstanceStatement(db, before, changed),
    ]);
    if (results.at(-1)?.meta.changes) return changed;
  }
  throw new AppError("CONFLICT", { message: "The instance is being changed by others; try again" });
}
