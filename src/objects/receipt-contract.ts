import { z } from "zod";

const seq = z.number().int().nonnegative();

/** What somebody says of how far they have got, by numbers of messages. */
export const receiptSchema = z.object({
  personId: z.string().min(1).max(100),
  delivered: seq.optional(),
  read: seq.optional(),
  /** Whether they do not want to be told of what they have not read; left out, that stays as it is. */
  muted: z.boolean().optional(),
});
export type SaidReceipt = z.infer<typeof receiptSchema>;

/** How far somebody has got, by numbers of messages. */
export interface ReceiptView {
  delivered: number;
  read: number;
  /** Messages of others behind what is read. */
  unread: number;
  muted: boolean;
}
