import { z } from "@hono/zod-openapi";
import { fileSchema } from "#src/imports/index.ts";

/** Most problems that a report lists. */
export const maxErrors = 1000;

const dryRun = z
  .union([z.boolean(), z.enum(["true", "false"]).transform((word) => word === "true")])
  .default(false)
  .openapi({ type: "boolean", description: "Whether it is only said what would come of it" });

export const shopImportFormSchema = z
  .strictObject({
    file: fileSchema(
      "CSV, whose first row names the columns, or a line of JSON for each; UTF-8, at most 10 MB",
    ),
    dry_run: dryRun,
  })
  .openapi("ShopImportForm");

export const importReportSchema = z
  .object({
    total_processed: z.number().int().openapi({ description: "Rows of the file", example: 3 }),
    successful: z.number().int().openapi({ description: "Rows that were taken over", example: 2 }),
    failed: z.number().int().openapi({ description: "Rows that were refused", example: 1 }),
    created: z.number().int().openapi({ description: "What there was not before", example: 1 }),
    updated: z.number().int().openapi({ description: "What is otherwise than before", example: 1 }),
    unchanged: z.number().int().openapi({ description: "What was as the file has it", example: 0 }),
    dry_run: z.boolean().openapi({ description: "Whether nothing of it was done" }),
    errors: z.array(z.string()).openapi({
      description: `Why rows were refused, the first ${maxErrors}; in a table the header is row 1`,
      example: ["Row 3: price: Missing"],
    }),
  })
  .openapi("ShopImportReport");

export type ImportReport = z.infer<typeof importReportSchema>;
