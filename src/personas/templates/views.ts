import type { z } from "@hono/zod-openapi";
import type { PlanProblem } from "#src/engine/plans/plan-problem.ts";
import { wireRow } from "#src/http/wire-row.ts";
import {
  savedTemplateSchema,
  templateChoiceSchema,
  templateSchema,
  templateVersionSchema,
} from "./schemas.ts";
import type { TemplateRow, TemplateVersionRow } from "./template-repository.ts";

/** A template on the wire. */
export const templateView = (row: TemplateRow): z.infer<typeof templateSchema> =>
  wireRow(templateSchema, row);

/** A template as it has just been written, with what its author should know. */
export const savedTemplateView = (
  row: TemplateRow,
  warnings: PlanProblem[],
): z.infer<typeof savedTemplateSchema> => wireRow(savedTemplateSchema, row, { warnings });

export const templateVersionView = (row: TemplateVersionRow): z.infer<typeof templateVersionSchema> =>
  wireRow(templateVersionSchema, row);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** A template as a user chooses from it. */
export const templateChoice = (row: TemplateRow): z.infer<typeof templateChoiceSchema> =>
  wireRow(templateChoiceSchema, row, {
    input_schema: isObject(row.config.input_schema) ? row.config.input_schema : {},
  });
