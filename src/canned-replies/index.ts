/** The door of `canned-replies`: what other rooms may import of it. */
export { findReply } from "./canned-reply-repository.ts";
export { createCannedReply } from "./create-canned-reply.ts";
export { deleteCannedReply } from "./delete-canned-reply.ts";
export { getCannedReply } from "./get-canned-reply.ts";
export { listCannedReplies } from "./list-canned-replies.ts";
export { named, renderReply } from "./render-reply.ts";
export { updateCannedReply } from "./update-canned-reply.ts";
