import type { ConversationMessage } from "#src/objects/conversation-message.ts";
import { cutGraphemes } from "#src/text/cut-text.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { Marks } from "./marks.ts";
import type { MessageStore } from "./message-store.ts";
import type { Participants } from "./participants.ts";

/** Characters of the last message that lists show. */
const previewLength = 140;

interface Parts {
  state: ConversationState;
  messages: MessageStore;
  participants: Participants;
  marks: Marks;
}

/** A conversation as lists show it. */
export function listCopy({ state, messages, participants, marks }: Parts): ConversationMessage {
  const row = state.row;
  const last = messages.lastSaid;
  return {
    type: "conversation.copy",
    id: row.id,
    client_id: row.client_id,
    revision: row.revision,
    owner_id: row.owner_id,
    owner_kind: row.owner_kind,
    instance_id: row.instance_id,
    project_id: row.project_id,
    title: row.title,
    status: row.status,
    holder: row.holder,
    admin_id: row.admin_id,
    holder_epoch: row.holder_epoch,
    last_seq: row.last_seq,
    unread: participants.unreadOf(row.owner_id),
    muted: participants.isMutedBy(row.owner_id),
    last_message: last
      ? { role: last.role, preview: cutGraphemes(last.content.replaceAll(/\s+/g, " ").trim(), previewLength) }
      : null,
    started_at: row.started_at,
    last_message_at: row.last_message_at,
    ended_at: row.ended_at,
    erased_at: row.erased_at,
    flagged: marks.open,
  };
}
