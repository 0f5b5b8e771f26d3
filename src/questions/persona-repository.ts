import { and, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { personaInstances } from "#src/db/schema/index.ts";

/** Personas with some words in their name: those of a person, or of the whole tenant; those of that very name first. */
export const personasNamed = (
  db: Database,
  { clientId, userId }: { clientId: string; userId: string | null },
  words: string,
  limit: number,
) =>
  db
    .select({ id: personaInstances.id, name: personaInstances.name })
    .from(personaInstances)
    .where(
      and(
        eq(personaInstances.clientId, clientId),
        userId === null ? undefined : eq(personaInstances.ownerUserId, userId),
        isNull(personaInstances.deletedAt),
        sql`instr(lower(${personaInstances.name}), lower(${words})) > 0`,
      ),
    )
    .orderBy(
      sql`lower(${personaInstances.name}) <> lower(${words})`,
      personaInstances.name,
      personaInstances.id,
    )
    .limit(limit)
    .all();
