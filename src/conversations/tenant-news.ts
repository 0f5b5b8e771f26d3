import type { ConversationView } from "#src/objects/conversation-api.ts";

/** How a conversation stands, as far as its tenant is told. */
export interface Standing {
  status: ConversationView["status"];
  holder: string;
  adminId: string | null;
  /** Another one where it is called otherwise, or something else is kept with it. */
  description: string;
  /** The number of the newest message that says something; 0 for none. */
  said: number;
}

export type News = "created" | "updated" | "assigned" | "waiting" | "ended" | "message";

/**
 * What there is to tell of a conversation that stood otherwise when it was last told of: of what has come and gone in
 * between nothing, and of each kind one thing.
 * @param before null where it was never told of
 */
export function newsOf(before: Standing | null, now: Standing): News[] {
  const isFirst = before === null;
  const become = (status: Standing["status"]) => now.status === status && before?.status !== status;
  const turns: News[] = [];
  if (now.adminId !== null && now.adminId !== before?.adminId) turns.push("assigned");
  if (become("waiting")) turns.push("waiting");
  if (become("ended")) turns.push("ended");
  const isOther =
    !isFirst &&
    (now.description !== before.description ||
      (turns.length === 0 &&
        (now.status !== before.status || now.holder !== before.holder || now.adminId !== before.adminId)));
  return [
    ...(isFirst ? (["created"] as const) : []),
    ...(isOther ? (["updated"] as const) : []),
    ...turns,
    ...(now.said > (before?.said ?? 0) ? (["message"] as const) : []),
  ];
}
