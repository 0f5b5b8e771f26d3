import { z } from "@hono/zod-openapi";
import {
  assignConversation,
  connectConversationOfTenant,
  exportConversations,
  exportedConversationsSchema,
  exportJobSchema,
  getConversationExport,
  getConversationExportFile,
  getConversationOfTenant,
  handBackConversation,
  hideMessage,
  listConversationsOfTenant,
  releaseConversation,
  releaseMessage,
  replyToConversation,
  setConversationStatus,
  streamConversationOfTenant,
  takeConversation,
} from "#src/chat/index.ts";
import { jsonResponse } from "#src/http/openapi.ts";
import { callerOfSocket } from "../../middleware/authenticate-socket.ts";
import { json } from "../../rest/answer.ts";
import { fileAnswer, fileDocumented } from "../../rest/exported-file.ts";
import { socketOffer } from "../../rest/socket-offer.ts";
import { get, patch, post, restRouter } from "../../rest/table.ts";
import { conversationStream, eventsOffer, writtenOffer } from "../conversations.ts";

const text = { schema: z.string() };

const fileOf = fileDocumented("conversations.json", {
  "application/json": { schema: exportedConversationsSchema },
  "application/x-ndjson": text,
  "text/csv": text,
  "text/markdown": text,
  "application/zip": { schema: z.string().openapi({ format: "binary" }) },
});

/** Exports that are gathered. */
export const conversationExports = restRouter("Administration: conversations", [
  get("/{export_id}", getConversationExport, "The export"),
  get("/{export_id}/file", getConversationExportFile, "The file", {
    responses: fileOf,
    answer: fileAnswer,
  }),
]);

export const adminConversations = restRouter("Administration: conversations", [
  get("/", listConversationsOfTenant, "Conversations"),
  post("/export", exportConversations, "The file", {
    responses: {
      ...fileOf,
      202: {
        ...jsonResponse("The export, which is being gathered", exportJobSchema),
        headers: z.object({
          Location: z.string().openapi({ description: "Where it says how far it is" }),
        }),
      },
    },
    answer: (c, performed) => {
      const { output } = performed;
      if ("pieces" in output) return fileAnswer(c, { ...performed, output });
      c.header("Location", `/api/v1/admin/exports/${output.id}`);
      return json(c, output, 202);
    },
  }),
  get("/{conversation_id}", getConversationOfTenant, "The conversation"),
  post("/{conversation_id}/take", takeConversation, "Held by the caller"),
  post("/{conversation_id}/release", releaseConversation, "In the queue"),
  post("/{conversation_id}/hand-back", handBackConversation, "The persona's"),
  post("/{conversation_id}/assign", assignConversation, "Assigned"),
  patch("/{conversation_id}/status", setConversationStatus, "The conversation"),
  post(
    "/{conversation_id}/messages",
    replyToConversation,
    "Stored",
    writtenOffer((id) => `/api/v1/admin/conversations/${id}`),
  ),
  post("/{conversation_id}/messages/{message_id}/hide", hideMessage, "The message, as the staff sees it"),
  post("/{conversation_id}/messages/{message_id}/release", releaseMessage, "The message, which stands"),
  get(
    "/{conversation_id}/ws",
    connectConversationOfTenant,
    "Connected",
    socketOffer(connectConversationOfTenant.input.shape.query, callerOfSocket),
  ),
  get("/{conversation_id}/events", streamConversationOfTenant, "Events", {
    ...eventsOffer,
    answer: (c, { output }) => conversationStream(c, output),
  }),
]);
