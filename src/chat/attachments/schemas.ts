import { z } from "@hono/zod-openapi";
import { conversationParams } from "../schemas.ts";

export const attachmentParams = conversationParams.extend({ attachment_id: z.uuid() });

/** A file as it was sent: what it is called says nothing about what it is. */
export const fileSchema = z.object({ name: z.string(), bytes: z.instanceof(Uint8Array) });
