import { z } from "@hono/zod-openapi";
import { maxAttachmentBytes } from "#src/attachments/index.ts";
import {
  getAttachment,
  getAttachmentOfTenant,
  uploadAttachment,
  uploadAttachmentOfTenant,
} from "#src/chat/index.ts";
import { fileResponse, type StoredFile } from "#src/http/stored-file.ts";
import type { Performed } from "#src/operation/operation.ts";
import type { GatewayRequest } from "../context.ts";
import { fileBody } from "../file-body.ts";
import { get, post, restRouter } from "../rest/table.ts";

const body = fileBody({ maxBytes: maxAttachmentBytes, types: "*/*", fields: ["file"] });

const uploaded = (root: string) =>
  ({
    status: 201,
    body,
    location: ({ id }: { id: string }, { conversation_id }: Record<string, string>) =>
      `/api/v1/${root}/${conversation_id}/attachments/${id}`,
  }) as const;

const content = { "*/*": { schema: z.string().openapi({ format: "binary" }) } };

const served = {
  responses: {
    200: { description: "The file", content },
    206: { description: "The part asked for by `Range`", content },
    304: { description: "Unchanged" },
  },
  answer: (c: GatewayRequest, { output }: Performed<StoredFile>) =>
    fileResponse(output, {
      ifNoneMatch: c.req.header("if-none-match"),
      range: c.req.header("range"),
      ifRange: c.req.header("if-range"),
    }),
} as const;

/** Stand before what lets only JSON through. */
export const attachments = restRouter("Conversations", [
  post("/{conversation_id}/attachments", uploadAttachment, "Stored", uploaded("conversations")),
  get("/{conversation_id}/attachments/{attachment_id}", getAttachment, "The file", served),
]);

export const staffAttachments = restRouter("Administration: conversations", [
  post("/{conversation_id}/attachments", uploadAttachmentOfTenant, "Stored", uploaded("admin/conversations")),
  get("/{conversation_id}/attachments/{attachment_id}", getAttachmentOfTenant, "The file", served),
]);
