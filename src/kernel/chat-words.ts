/** Whose conversation it is: an account's, or somebody's who visits a page. */
export const personKinds = ["user", "visitor"] as const;

/** Who takes part in a conversation besides its persona: its owner, or somebody of the staff. */
export const participantKinds = [...personKinds, "agent"] as const;

/**
 * Whose words a message is: the owner's, the persona's, those of a person of the staff, the conversation's own, or what
 * the staff notes for itself.
 */
export const messageRoles = ["user", "assistant", "agent", "system", "note"] as const;
export type MessageRole = (typeof messageRoles)[number];

/** What a message is made of, as the older chat called it; the first three are of what people send. */
export const messageTypes = ["text", "image", "file", "system", "note"] as const;
export type MessageType = (typeof messageTypes)[number];
export const sentMessageTypes = ["text", "image", "file"] as const satisfies readonly MessageType[];

export const messageStatuses = [
  "pending",
  "streaming",
  "complete",
  "stopped",
  "failed",
  "hidden",
  "deleted",
] as const;
export type MessageStatus = (typeof messageStatuses)[number];

/** What somebody thinks of a message. */
export const ratings = ["up", "down"] as const;

export const conversationStatuses = ["active", "waiting", "ended"] as const;

/** To whom a persona talks: its owner, everybody in its tenant, or visitors of its widgets as well. */
export const chatAudiences = ["owner", "tenant", "public"] as const;

/** What becomes of a message that comes while an answer is being written. */
export const busyWays = ["queue", "interrupt", "reject"] as const;
export type BusyWay = (typeof busyWays)[number];

/**
 * What becomes of a message that is not wanted: the staff sees that it fits a rule, nobody but its sender and the staff
 * sees it, it is not taken, or nothing of its sender's is any more.
 */
export const moderationActions = ["flag", "hold", "refuse", "ban"] as const;
export type ModerationAction = (typeof moderationActions)[number];

/** What has become of a message that a rule has marked: nobody has decided yet, or it may stand, or it is hidden. */
export const markStates = ["open", "released", "hidden"] as const;
export type MarkState = (typeof markStates)[number];
