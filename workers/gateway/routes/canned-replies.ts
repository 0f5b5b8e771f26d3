import {
  createCannedReply,
  deleteCannedReply,
  getCannedReply,
  listCannedReplies,
  updateCannedReply,
} from "#src/canned-replies/index.ts";
import { del, get, post, put, restRouter } from "../rest/table.ts";

export const cannedReplies = restRouter("Administration: conversations", [
  get("/", listCannedReplies, "Replies"),
  post("/", createCannedReply, "Made", {
    status: 201,
    location: ({ id }) => `/api/v1/canned-replies/${id}`,
  }),
  get("/{canned_reply_id}", getCannedReply, "The reply"),
  put("/{canned_reply_id}", updateCannedReply, "Changed"),
  del("/{canned_reply_id}", deleteCannedReply, "Deleted", { status: 204 }),
]);
