import { z } from "@hono/zod-openapi";
import { fileResponse } from "#src/http/stored-file.ts";
import { getImage } from "#src/runs/index.ts";
import { get, restRouter } from "../rest/table.ts";

const bytes = { schema: z.string().openapi({ format: "binary" }) };
const content = { "image/png": bytes, "image/jpeg": bytes, "image/webp": bytes };

export const images = restRouter("Personas", [
  get("/{client_id}/{run}/{file}", getImage, "The image", {
    responses: {
      200: { description: "The image", content },
      206: { description: "The part asked for by `Range`", content },
      304: { description: "Unchanged" },
    },
    answer: (c, { output }) =>
      fileResponse(output, {
        ifNoneMatch: c.req.header("if-none-match"),
        range: c.req.header("range"),
        ifRange: c.req.header("if-range"),
      }),
  }),
]);
