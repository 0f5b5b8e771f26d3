import type { Database } from "../db/client.ts";
import { AppError } from "../http/app-error.ts";
import { outboxStatement, previousChanged } from "../realtime/event-outbox.ts";
import { findInstanceWithin, type InstanceRow, updateInstanceStatement } from "./instance-repository.ts";
import type { InstanceScope } from "./instance-scope.ts";

interface Change {
  after: InstanceRow;
  /** Told to the tenant with the change. */
  event: { name: string; data: Record<string, unknown>; everybody?: boolean }[];
}

const mostAttempts = 5;

/**
 * Changes an instance: what `change` makes of the latest row is written only over
 * that row, so two changes at once both count. Change and events are one batch.
 * @throws AppError `NOT_FOUND` outside the scope; `CONFLICT` when others keep changing it
 */
export async function changeInstance(
  db: Database,
  scope: InstanceScope,
  id: string,
  now: number,
  change: (before: InstanceRow) => Promise<Change> | Change,
): Promise<InstanceRow> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const before = await findInstanceWithin(db, scope, id);
    if (!before) throw new AppError("NOT_FOUND", { message: "No such persona instance" });
    const { after, event: events } = await change(before);
    const changed = { ...after, revision: before.revision + 1, updatedAt: now };
    const [result] = await db.batch([
      updateInstanceStatement(db, before, changed),
      ...events.map(({ name, data, everybody }) =>
        outboxStatement(
          db,
          {
            clientId: before.clientId,
            event: name,
            entityId: id,
            ownerUserId: everybody ? null : before.ownerUserId,
            data: { instance_id: id, ...data },
          },
          now,
          previousChanged,
        ),
      ),
    ]);
    if (result.meta.changes > 0) return changed;
  }
  throw new AppError("CONFLICT", { message: "The instance is being changed by others; try again" });
}
