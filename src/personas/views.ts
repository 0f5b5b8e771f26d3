import type { z } from "@hono/zod-openapi";
import type { PlanProblem } from "#src/engine/plans/plan-problem.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { InstanceRow } from "./instances/instance-repository.ts";
import type {
  instanceSchema,
  savedTemplateSchema,
  templateChoiceSchema,
  templateSchema,
  templateVersionSchema,
} from "./schemas.ts";
import type { TemplateRow, TemplateVersionRow } from "./templates/template-repository.ts";

/** A template on the wire. */
export const templateView = (row: TemplateRow): z.infer<typeof templateSchema> => ({
  id: row.id,
  client_id: row.clientId,
  name: row.name,
  description: row.description,
  category: row.category,
  version: row.version,
  config: row.config,
  is_active: row.isActive,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
});

/** A template as it has just been written, with what its author should know. */
export const savedTemplateView = (
  row: TemplateRow,
  warnings: PlanProblem[],
): z.infer<typeof savedTemplateSchema> => ({ ...templateView(row), warnings });

export const templateVersionView = (row: TemplateVersionRow): z.infer<typeof templateVersionSchema> => ({
  version: row.version,
  name: row.name,
  description: row.description,
  category: row.category,
  config: row.config,
  created_at: isoTime(row.createdAt),
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** A template as a user chooses from it. */
export const templateChoice = ({
  id,
  name,
  description,
  category,
  config,
}: TemplateRow): z.infer<typeof templateChoiceSchema> => ({
  id,
  name,
  description,
  category,
  input_schema: isObject(config.input_schema) ? config.input_schema : {},
});

/** What a template says of the instances that were made from it. */
export type TemplateOfInstance = Pick<TemplateRow, "name" | "description" | "category">;

/** An instance on the wire. */
export const instanceView = (
  row: InstanceRow,
  template: TemplateOfInstance | undefined,
): z.infer<typeof instanceSchema> => ({
  id: row.id,
  template_id: row.templateId,
  template_version: row.templateVersion,
  name: row.name,
  description: template?.description ?? "",
  category: template?.category ?? "",
  owner_user_id: row.ownerUserId,
  client_id: row.clientId,
  project_id: row.projectId,
  config: row.config,
  is_active: row.isActive,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
});
