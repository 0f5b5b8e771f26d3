import { and, eq, isNull } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import { personaChats, personaInstances } from "#src/db/schema/index.ts";

export type PersonaChatRow = typeof personaChats.$inferSelect;

/** How a persona is talked with; undefined for one that was never published. */
export const findPersonaChat = (db: Database, instanceId: string) =>
  db.select().from(personaChats).where(eq(personaChats.instanceId, instanceId)).get();

/** Writes how a persona is talked with, while it is there; false when it is not any more. */
export async function putPersonaChat(db: Database, row: PersonaChatRow): Promise<boolean> {
  const { instanceId, clientId, createdAt, ...changing } = row;
  const living = and(eq(personaInstances.id, instanceId), isNull(personaInstances.deletedAt));
  const written = await insertWhere(
    db,
    personaChats,
    row,
    hasRow(personaInstances, living),
  ).onConflictDoUpdate({
    target: personaChats.instanceId,
    set: changing,
  });
  return written.meta.changes > 0;
}
