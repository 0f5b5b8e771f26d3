import type { MessageType } from "#src/kernel/chat-words.ts";

/** What a message tells its type by. */
interface Typed {
  role: string;
  attachments: readonly { type: string }[];
}

/** What kind of message one is: it is never said by itself, so that it cannot contradict what the message holds. */
export function messageTypeOf({ role, attachments }: Typed): MessageType {
  if (role === "system" || role === "note") return role;
  if (attachments.length === 0) return "text";
  return attachments.every(({ type }) => type.startsWith("image/")) ? "image" : "file";
}
