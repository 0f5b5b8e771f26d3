import { z } from "zod";

/** What travels on `user-imports`: the next step of an import is due. Losing or repeating one does no harm. */
export const userImportMessageSchema = z.object({
  type: z.literal("user_import.step"),
  job_id: z.uuid(),
});
export type UserImportMessage = z.infer<typeof userImportMessageSchema>;
