import { TenantPersonalisation as Real } from "#durable-objects/tenant-personalisation/object.ts";

const minuteMs = 60_000;

/** What can be asked of it here besides. */
export interface Rebuilding {
  fillInteractions(persons: number, each: number, items: number): Promise<void>;
  rebuild(): Promise<void>;
  rebuiltUpTo(): Promise<string | null>;
}

/** As the platform has it; what happens once a week begins when it is asked for. */
export class TenantPersonalisation extends Real implements Rebuilding {
  /** Writes what so many persons did with items of `bench/baseline/recommend.ts`, as if it had been learnt long ago. */
  async fillInteractions(persons: number, each: number, items: number): Promise<void> {
    this.ctx.storage.sql.exec(
      `INSERT INTO interactions (person_id, id, item_id, type, value, at, request_id, waits_until)
       WITH RECURSIVE one (number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM one WHERE number + 1 < ?)
       SELECT printf('past-%07d', number / ?), number % ?,
         'item-' || ((number / ? * 7919 + number % ? * number % ? * 13) % ?), 'like', NULL, ?, NULL, NULL FROM one`,
      ...[persons * each, each, each, each, each, each, items, Date.now() - minuteMs],
    );
  }

  /** Has all that was learnt be built anew now. */
  async rebuild(): Promise<void> {
    this.ctx.storage.sql.exec("UPDATE learning SET due_at = 0");
    await this.ctx.storage.setAlarm(Date.now());
  }

  /** The person up to whom it has come; null where nothing is being built, or is to be. */
  async rebuiltUpTo(): Promise<string | null> {
    const { rebuild, due_at: dueAt } = this.ctx.storage.sql
      .exec<{ rebuild: string | null; due_at: number }>("SELECT rebuild, due_at FROM learning")
      .one();
    return rebuild ?? (dueAt === 0 ? "" : null);
  }
}
