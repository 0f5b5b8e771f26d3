import { z } from "@hono/zod-openapi";
import { namesTag } from "#src/http/entity-tag.ts";
import { getAvatar } from "#src/identity/index.ts";
import { get, restRouter } from "../rest/table.ts";

/** It is served as nothing but the picture it was found to be. */
const headersOf = ({ httpMetadata, httpEtag }: R2ObjectBody) => ({
  "content-type": httpMetadata?.contentType ?? "application/octet-stream",
  "content-disposition": "inline",
  "content-security-policy": "default-src 'none'; sandbox",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "cache-control": "private, max-age=86400, immutable",
  vary: "Authorization",
  etag: httpEtag,
});

export const avatars = restRouter("User", [
  get("/{user_id}/{avatar}", getAvatar, "The picture", {
    responses: {
      200: {
        description: "The picture",
        content: { "image/*": { schema: z.string().openapi({ format: "binary" }) } },
      },
      304: { description: "Unchanged" },
    },
    answer: async (c, { output }) => {
      const headers = new Headers(headersOf(output));
      if (namesTag(c.req.header("if-none-match") ?? "", output.httpEtag)) {
        await output.body.cancel();
        return new Response(null, { status: 304, headers });
      }
      headers.set("content-length", String(output.size));
      return new Response(output.body, { headers });
    },
  }),
]);
