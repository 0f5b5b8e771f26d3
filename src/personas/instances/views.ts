import type { z } from "@hono/zod-openapi";
import type { Database } from "#src/db/client.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { type TemplateOfInstance, templatesOf } from "../templates/template-repository.ts";
import type { InstanceRow } from "./instance-repository.ts";
import { instanceSchema } from "./schemas.ts";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An instance on the wire. */
const instanceView = (
  row: InstanceRow,
  template: TemplateOfInstance | undefined,
): z.infer<typeof instanceSchema> =>
  wireRow(instanceSchema, row, {
    template_name: template?.name ?? "",
    input_schema: isObject(row.config.input_schema) ? row.config.input_schema : {},
    description: template?.description ?? "",
    category: template?.category ?? "",
  });

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
  const found = await templatesOf(
    db,
    instances.map(({ templateId }) => templateId),
  );
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
  const found = await templatesOf(db, [instance.templateId]);
  return instanceView(instance, found.get(instance.templateId));
}
