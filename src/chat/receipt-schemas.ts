import { z } from "@hono/zod-openapi";

export const receiptSchema = z
  .strictObject({
    delivered_seq: z.number().int().nonnegative().optional(),
    read_seq: z.number().int().nonnegative().optional(),
  })
  .openapi("Receipt");

export const heldReceiptSchema = z
  .object({
    delivered_seq: z.number().int(),
    read_seq: z.number().int(),
    unread: z.number().int(),
  })
  .openapi("HeldReceipt");
