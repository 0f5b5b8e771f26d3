import { z } from "@hono/zod-openapi";

export const receiptSchema = z
  .strictObject({
    delivered_seq: z.number().int().nonnegative().optional(),
    read_seq: z.number().int().nonnegative().optional(),
    muted: z.boolean().optional().openapi({
      description: "Whether one's list counts nothing of it as unread; left out, that stays as it is",
    }),
  })
  .openapi("Receipt");

export const heldReceiptSchema = z
  .object({
    delivered_seq: z.number().int(),
    read_seq: z.number().int(),
    unread: z.number().int(),
    muted: z.boolean().openapi({ description: "Whether one has muted it" }),
  })
  .openapi("HeldReceipt");
