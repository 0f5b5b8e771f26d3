import { z } from "@hono/zod-openapi";
import type { Exported } from "#src/exports/index.ts";
import { streamOf } from "#src/http/stream-of.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Performed } from "#src/operation/operation.ts";
import type { GatewayRequest } from "../context.ts";

/** Answers with a file while it is read. */
export function fileAnswer(
  c: GatewayRequest,
  { output: { contentType, name, pieces } }: Performed<Exported>,
): Response {
  const { log } = c.var.platform;
  const body = streamOf(pieces, (error) => log.error("export broken off", errorFields(error)));
  return new Response(body, {
    headers: {
      "content-type": contentType,
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
}

/** What the document says of a file: that it is an attachment, and of which kinds it may be. */
export const fileDocumented = (name: string, content: Record<string, { schema: z.ZodType }>) => ({
  200: {
    description: "The file, as an attachment",
    headers: z.object({
      "Content-Disposition": z.string().openapi({ example: `attachment; filename="${name}"` }),
    }),
    content,
  },
});

/** How a list is offered as a file of CSV or of lines of JSON. */
export const fileOffer = (name: string, csv: string, jsonl: string) => ({
  responses: fileDocumented(`${name}.csv`, {
    "text/csv": { schema: z.string().openapi({ example: csv }) },
    "application/jsonl": { schema: z.string().openapi({ example: jsonl }) },
  }),
  answer: fileAnswer,
});
