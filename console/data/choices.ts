/*
 * What lists can be narrowed to: apart from what asks for them, since addresses are read before the first page is loaded.
 */

/** What the audit log is narrowed by. */
export const auditFilters = ["actor", "target", "action", "client_id", "from", "to"] as const;

export const orderStatuses = [
  "pending",
  "confirmed",
  "fulfilled",
  "completed",
  "cancelled",
  "returned",
] as const;

export const productStatuses = ["draft", "active", "archived"] as const;

/** What usage is told by. */
export const dimensions = ["persona", "step", "model", "agent"] as const;
