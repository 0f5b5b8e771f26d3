import { z } from "zod";

/** What travels on `exports`: an export waits to be gone on with. Losing or repeating one does no harm. */
export const exportMessageSchema = z.object({ type: z.literal("export.step"), export_id: z.uuid() });
export type ExportMessage = z.infer<typeof exportMessageSchema>;
