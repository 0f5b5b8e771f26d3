/** What a message tells its type by. */
interface Typed {
  role: string;
  attachments: readonly { type: string }[];
}

/** What kind of message one is, as the older chat called it. */
export function messageTypeOf({ role, attachments }: Typed): "text" | "image" | "file" | "system" | "note" {
  if (role === "system" || role === "note") return role;
  if (attachments.length === 0) return "text";
  return attachments.every(({ type }) => type.startsWith("image/")) ? "image" : "file";
}
