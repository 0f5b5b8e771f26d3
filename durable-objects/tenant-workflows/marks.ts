/** Names of numbers that several parts know. */
export const marks = {
  /** 1 while the tenant is switched off. */
  closed: "closed",
  /** 1 when the object's history has all of its runs: those of before releases that had it came from D1. */
  wholeHistory: "whole_history",
  /** Which log this is: a number that no other log of the tenant has had. */
  epoch: "epoch",
  /** The number of the last event that is known to be published. */
  published: "published",
  /** Until when the read model may believe that the object has open tasks (epoch milliseconds). */
  openTasksUntil: "open_tasks_until",
  /** The time that the last report of open tasks bears. */
  openTasksAt: "open_tasks_at",
} as const;

/** Single numbers that the object remembers. */
export class Marks {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get(name: string): number {
    return (
      this.#sql.exec<{ value: number }>("SELECT value FROM marks WHERE name = ?", name).toArray()[0]?.value ??
      0
    );
  }

  set(name: string, value: number): void {
    this.#sql.exec(
      "INSERT INTO marks (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      name,
      value,
    );
  }

  count(name: string): void {
    this.#sql.exec("UPDATE marks SET value = value + 1 WHERE name = ?", name);
  }
}
