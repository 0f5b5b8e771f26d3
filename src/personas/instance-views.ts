import type { z } from "@hono/zod-openapi";
import { inArray } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { templates } from "../db/schema/index.ts";
import type { InstanceRow } from "./instance-repository.ts";
import type { instanceSchema } from "./schemas.ts";
import { instanceView, type TemplateOfInstance } from "./views.ts";

interface ViewedInstance {
  instance: InstanceRow;
  view: z.infer<typeof instanceSchema>;
  template: TemplateOfInstance | undefined;
}

/** Templates, also deleted ones, that instances were made from. */
async function templatesOf(db: Database, instances: readonly InstanceRow[]) {
  if (instances.length === 0) return new Map<string, TemplateOfInstance>();
  const { id, name, description, category } = templates;
  const ids = new Set(instances.map(({ templateId }) => templateId));
  const rows = await db
    .select({ id, name, description, category })
    .from(templates)
    .where(inArray(id, [...ids]));
  return new Map(rows.map((row): [string, TemplateOfInstance] => [row.id, row]));
}

/** Instances on the wire, with what their templates say of them. */
export async function instanceViews(
  db: Database,
  instances: readonly InstanceRow[],
): Promise<ViewedInstance[]> {
  const found = await templatesOf(db, instances);
  return instances.map((instance) => {
    const template = found.get(instance.templateId);
    return { instance, view: instanceView(instance, template), template };
  });
}

/** One instance on the wire. */
export async function viewOfInstance(
  db: Database,
  instance: InstanceRow,
): Promise<z.infer<typeof instanceSchema>> {
  const found = await templatesOf(db, [instance]);
  return instanceView(instance, found.get(instance.templateId));
}
