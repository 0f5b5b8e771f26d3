import { z } from "zod";

/** What travels on `document-tasks`: a document waits to be read. Losing or repeating one does no harm. */
export const documentMessageSchema = z.object({
  type: z.literal("document.read"),
  client_id: z.string().min(1),
  conversation_id: z.uuid(),
  attachment_id: z.uuid(),
});
export type DocumentMessage = z.infer<typeof documentMessageSchema>;
