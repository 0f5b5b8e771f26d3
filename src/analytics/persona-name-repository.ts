import { sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { personaInstances, templates } from "#src/db/schema/index.ts";

/** What personas of a tenant are called, by their ids; also those that are deleted. */
export const namesOfInstances = (db: Database, clientId: string, ids: readonly string[]) =>
  db
    .select({ id: personaInstances.id, name: personaInstances.name })
    .from(personaInstances)
    .where(
      sql`${personaInstances.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))
        AND ${personaInstances.clientId} = ${clientId}`,
    );

/** What templates are called, by their ids; also those that are deleted. */
export const namesOfTemplates = (db: Database, ids: readonly string[]) =>
  db
    .select({ id: templates.id, name: templates.name })
    .from(templates)
    .where(sql`${templates.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
