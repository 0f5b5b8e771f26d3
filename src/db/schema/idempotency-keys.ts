import { blob, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Requests that came with an `Idempotency-Key`, each for a day: at work while `answer` is null, else answered. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    /** MAC of caller, operation and key. */
    id: text("id").primaryKey(),
    /** MAC of the body, which a repetition has to have too. */
    bodyMac: text("body_mac").notNull(),
    /** Whose turn it is: what another one finds when this one took too long is no longer its own. */
    attempt: text("attempt").notNull(),
    leaseUntil: integer("lease_until").notNull(),
    /** The first answer, sealed under a key that only the request itself yields. */
    answer: blob("answer", { mode: "buffer" }),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [index("idempotency_keys_expired").on(table.expiresAt)],
);
