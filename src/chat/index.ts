/** The door of `chat`: what other rooms may import of it. */
export { activateBranch } from "./activate-branch.ts";
export { getAttachment } from "./attachments/get-attachment.ts";
export { uploadAttachment } from "./attachments/upload-attachment.ts";
export { compactConversation } from "./compact-conversation.ts";
export { consumeConversationCopies, isAboutConversation } from "./consume-conversation-copies.ts";
export { createConversation } from "./create-conversation.ts";
export { deleteConversation } from "./delete-conversation.ts";
export { deleteMessage } from "./delete-message.ts";
export { editMessage } from "./edit-message.ts";
export { exportConversations } from "./export/export-conversations.ts";
export { exportedConversationsSchema } from "./export/schemas.ts";
export type { FollowedFrame } from "./follow-conversation.ts";
export { getConversation } from "./get-conversation.ts";
export { getMessage } from "./get-message.ts";
export { listConversations } from "./list-conversations.ts";
export { listMessages } from "./list-messages.ts";
export { connectConversation } from "./live/connect-conversation.ts";
export { connectConversationOfTenant } from "./live/connect-conversation-of-tenant.ts";
export { conversationSocket } from "./live/socket-document.ts";
export { deleteOwnMemory } from "./memories/delete-own-memory.ts";
export { listOwnMemories } from "./memories/list-own-memories.ts";
export { rateConversation } from "./opinions/rate-conversation.ts";
export { rateMessage } from "./opinions/rate-message.ts";
export { answerEvents } from "./other-clients/answer-events.ts";
export { resumeChat } from "./other-clients/resume-chat.ts";
export { streamChat } from "./other-clients/stream-chat.ts";
export type { UiFrame } from "./other-clients/ui-answer.ts";
export { getPersonaChat } from "./publication/get-persona-chat.ts";
export { publishPersona } from "./publication/publish-persona.ts";
export { putReceipts } from "./put-receipts.ts";
export { regenerateMessage } from "./regenerate-message.ts";
export { requestHandover } from "./request-handover.ts";
export { keepConversations } from "./retention/keep-conversations.ts";
export { sentMessageSchema } from "./schemas.ts";
export {
  foundMessageSchema,
  ownMessagesWith,
  searchConversations,
} from "./search/search-conversations.ts";
export { sendMessage } from "./send-message.ts";
export { assignConversation } from "./staff/assign-conversation.ts";
export { consumeStaffArrivals, isAboutStaff } from "./staff/consume-staff-arrivals.ts";
export { getAttachmentOfTenant } from "./staff/get-attachment-of-tenant.ts";
export { getConversationOfTenant } from "./staff/get-conversation-of-tenant.ts";
export { handBackConversation } from "./staff/hand-back-conversation.ts";
export { hideMessage } from "./staff/hide-message.ts";
export { listConversationsOfTenant } from "./staff/list-conversations-of-tenant.ts";
export { releaseAbsentHolders } from "./staff/release-absent-holders.ts";
export { releaseConversation } from "./staff/release-conversation.ts";
export { releaseMessage } from "./staff/release-message.ts";
export { replyToConversation } from "./staff/reply-to-conversation.ts";
export { setConversationStatus } from "./staff/set-conversation-status.ts";
export { streamConversationOfTenant } from "./staff/stream-conversation-of-tenant.ts";
export { takeConversation } from "./staff/take-conversation.ts";
export { uploadAttachmentOfTenant } from "./staff/upload-attachment-of-tenant.ts";
export { stopTurn } from "./stop-turn.ts";
export { streamConversation } from "./stream-conversation.ts";
export { updateConversation } from "./update-conversation.ts";
