import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { idOfEach } from "#src/db/id-of-each.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import { eventOutbox, personaInstances } from "#src/db/schema/index.ts";
import type { EventName } from "#src/kernel/event-catalogue.ts";
import type { ProjectRow } from "./project-repository.ts";

const inProject = ({ id, clientId }: Pick<ProjectRow, "id" | "clientId">, when: SQL) =>
  and(
    eq(personaInstances.projectId, id),
    eq(personaInstances.clientId, clientId),
    isNull(personaInstances.deletedAt),
    when,
  );

/** Tells, for each persona instance of a project, that it has left it; before `detachInstances`, if `when` holds. */
export const tellDetached = (
  db: Database,
  project: Pick<ProjectRow, "id" | "clientId">,
  now: number,
  when: SQL,
) =>
  insertSelect(
    db,
    eventOutbox,
    {
      id: idOfEach(now),
      clientId: sql`${personaInstances.clientId}`,
      event: "instance.updated" satisfies EventName,
      entityId: sql`${personaInstances.id}`,
      ownerUserId: sql`${personaInstances.ownerUserId}`,
      data: sql`json_object('instance_id', ${personaInstances.id}, 'name', ${personaInstances.name},
        'changed', json_array('project_id'))`,
      createdAt: now,
    },
    sql`FROM ${personaInstances} WHERE ${inProject(project, when)}`,
  );

/** Takes every persona instance out of a project, if `when` holds. */
export const detachInstances = (
  db: Database,
  project: Pick<ProjectRow, "id" | "clientId">,
  now: number,
  when: SQL,
) =>
  db
    .update(personaInstances)
    .set({ projectId: null, updatedAt: now, revision: sql`${personaInstances.revision} + 1` })
    .where(inProject(project, when));
