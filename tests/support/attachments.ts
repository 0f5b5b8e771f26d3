import type { z } from "@hono/zod-openapi";
import type { attachmentSchema } from "#src/chat/schemas.ts";
import { call } from "./api.ts";
import { bodyOf } from "./personas.ts";
import type { TestUser } from "./users.ts";

/** Uploads bytes under a name, as the body itself. */
export const upload = (
  { headers }: Pick<TestUser, "headers">,
  conversationId: string,
  body: BodyInit,
  name = "file",
  root = "/api/v1/conversations",
): Promise<Response> =>
  call(`${root}/${conversationId}/attachments`, {
    method: "POST",
    headers: {
      ...headers,
      "content-type": "application/octet-stream",
      "x-file-name": encodeURIComponent(name),
    },
    body,
  });

export const uploaded = async (...of: Parameters<typeof upload>): Promise<z.infer<typeof attachmentSchema>> =>
  bodyOf(await upload(...of), 201);

export const attachmentPath = (conversationId: string, id: string) =>
  `/api/v1/conversations/${conversationId}/attachments/${id}`;
