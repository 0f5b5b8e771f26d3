import { z } from "@hono/zod-openapi";
import { importStatuses } from "#src/db/schema/import-jobs.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { fileSchema } from "#src/imports/index.ts";

const time = z.iso.datetime();

/** Most that a report lists. */
export const maxReported = { errors: 1000, userIds: 10_000 };

export const importFormSchema = z
  .object({ file: fileSchema("CSV in UTF-8, at most 10 MB"), client_id: clientIdSchema })
  .openapi("UserImportForm");

export const importResultSchema = z
  .object({
    total_processed: z.number().int().openapi({ example: 2 }),
    successful: z.number().int().openapi({ example: 1 }),
    failed: z.number().int().openapi({ example: 1 }),
    errors: z.array(z.string()).openapi({
      description: `The first ${maxReported.errors}; the header is row 1`,
      example: ["Row 23: A user with this e-mail exists"],
    }),
    created_user_ids: z.array(z.uuid()).openapi({ description: `The first ${maxReported.userIds}` }),
  })
  .openapi("UserImportResult");

export const importJobSchema = importResultSchema
  .extend({
    job_id: z.uuid(),
    client_id: z.string(),
    status: z.enum(importStatuses),
    total_rows: z.number().int(),
    created_at: time,
    updated_at: time,
    completed_at: time.nullable(),
  })
  .openapi("UserImportJob");

export type ImportJobReport = z.infer<typeof importJobSchema>;
