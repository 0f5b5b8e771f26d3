/** Whose conversation it is: an account's, or somebody's who visits a page. */
export const personKinds = ["user", "visitor"] as const;

/** Whose words a message is: the owner's, the persona's, those of a person of the staff, the conversation's own. */
export const messageRoles = ["user", "assistant", "agent", "system"] as const;
export type MessageRole = (typeof messageRoles)[number];

export const messageStatuses = ["pending", "streaming", "complete", "stopped", "failed", "deleted"] as const;
export type MessageStatus = (typeof messageStatuses)[number];

export const conversationStatuses = ["active", "waiting", "ended"] as const;

/** To whom a persona talks: its owner, or everybody in its tenant. */
export const chatAudiences = ["owner", "tenant"] as const;

/** What becomes of a message that comes while an answer is being written. */
export const busyWays = ["queue", "interrupt", "reject"] as const;
export type BusyWay = (typeof busyWays)[number];
