import type { z } from "@hono/zod-openapi";
import type { Database } from "#src/db/client.ts";
import type { instanceSchema } from "../schemas.ts";
import { instanceView, type TemplateOfInstance } from "../views.ts";
import { templatesOf } from "./agent-repository.ts";
import type { InstanceRow } from "./instance-repository.ts";

interface ViewedInstance {
  instance: InstanceRow;
  view: z.infer<typeof instanceSchema>;
  template: TemplateOfInstance | undefined;
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
