import { z } from "zod";

/** What travels on `platform-events` besides: somebody of a tenant's staff has come, and may be given what waits. */
export const staffMessageSchema = z.object({
  type: z.literal("staff.present"),
  client_id: z.string(),
  user_id: z.string(),
});
export type StaffMessage = z.infer<typeof staffMessageSchema>;
