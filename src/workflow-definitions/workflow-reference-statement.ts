import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import { templates, workflowDefinitions, workflowReferences } from "#src/db/schema/index.ts";
import { workflowPrefix } from "#src/engine/topics.ts";

/** Topics of a stored plan's steps and sub-tasks, and the name a config has in the plan's place. */
const topicsOf = {
  template: (id: string): SQL => sql`
    SELECT step.value ->> 'topic' AS topic FROM ${templates} t, json_each(t.config, '$.workflow.steps') step
      WHERE t.id = ${id} AND t.deleted_at IS NULL
    UNION SELECT task.value ->> 'topic' FROM ${templates} t, json_each(t.config, '$.workflow.steps') step,
      json_each(step.value, '$.sub_tasks') task WHERE t.id = ${id} AND t.deleted_at IS NULL
    UNION SELECT ${workflowPrefix} || (t.config ->> '$.workflow') FROM ${templates} t
      WHERE t.id = ${id} AND t.deleted_at IS NULL AND json_type(t.config, '$.workflow') = 'text'`,
  workflow: (id: string): SQL => sql`
    SELECT step.value ->> 'topic' AS topic FROM ${workflowDefinitions} w, json_each(w.plan, '$.steps') step
      WHERE w.id = ${id} AND w.deleted_at IS NULL
    UNION SELECT task.value ->> 'topic' FROM ${workflowDefinitions} w, json_each(w.plan, '$.steps') step,
      json_each(step.value, '$.sub_tasks') task WHERE w.id = ${id} AND w.deleted_at IS NULL`,
};

/**
 * Notes anew which workflows a template or a definition names; the last
 * statements of every batch that writes one. They read what the batch has left
 * in the row, so they are right whichever of several writers has won.
 */
export const referenceStatements = (db: Database, type: keyof typeof topicsOf, id: string) =>
  [
    db
      .delete(workflowReferences)
      .where(and(eq(workflowReferences.referrerType, type), eq(workflowReferences.referrerId, id))),
    insertSelect(
      db,
      workflowReferences,
      { workflowName: sql`substr(topic, length(${workflowPrefix}) + 1)`, referrerType: type, referrerId: id },
      sql`FROM (${topicsOf[type](id)}) WHERE substr(topic, 1, length(${workflowPrefix})) = ${workflowPrefix}`,
    ),
  ] as const;
