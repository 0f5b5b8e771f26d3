import { z } from "zod";
import { conversationStatuses, messageRoles, personKinds } from "../chat-words.ts";
import { entry } from "./entry.ts";

const conversation = {
  conversation_id: z.string(),
  instance_id: z.string(),
  owner_id: z.string(),
  owner_kind: z.enum(personKinds).describe("Whether its owner has an account or visits a page"),
  status: z.enum(conversationStatuses),
  holder: z.string().describe("`persona`, `queue`, or `user:{id}`"),
  admin_id: z.string().nullable().describe("To whom of the staff it is assigned"),
};

const sample = {
  conversation_id: "01934f5c-a7e3-7b1f-8d20-4c5e6f708192",
  instance_id: "01934f5c-8f10-7a2b-9e3d-1c4b5a697887",
  owner_id: "01934f5c-7d0e-7c3a-8b2f-0a9b8c7d6e5f",
  owner_kind: "user" as const,
  status: "active" as const,
  holder: "persona",
  admin_id: null,
};

const colleague = "01934f5c-7e44-7f10-9a6d-5b4c3d2e1f00";

const about = { entity: "conversation", seenBy: "handlers", webhooks: true } as const;

/** Events of conversations: at most one of each a second, with what holds then. */
export const conversationEvents = {
  "conversation.created": entry({
    ...about,
    about: "A conversation has begun.",
    data: z.object(conversation),
    sample,
  }),
  "conversation.updated": entry({
    ...about,
    about: "A conversation has another name, holder or status, or goes on after it had ended.",
    data: z.object(conversation),
    sample,
  }),
  "conversation.assigned": entry({
    ...about,
    about: "A conversation was given to, or taken by, somebody of the staff.",
    data: z.object(conversation),
    sample: { ...sample, holder: `user:${colleague}`, admin_id: colleague },
  }),
  "conversation.waiting": entry({
    ...about,
    about: "A conversation waits for a person.",
    data: z.object(conversation),
    sample: { ...sample, status: "waiting", holder: "queue" },
  }),
  "conversation.ended": entry({
    ...about,
    about: "A conversation has ended.",
    data: z.object(conversation),
    sample: { ...sample, status: "ended" },
  }),
  "conversation.message": entry({
    ...about,
    about: "Something was said in a conversation: the latest message of the last second.",
    data: z.object({
      ...conversation,
      message_id: z.string(),
      seq: z.number().int(),
      role: z.enum(messageRoles),
      sender_id: z.string(),
      content: z
        .string()
        .optional()
        .describe("What it says, at most 16 000 characters: at webhooks that ask for it (`include_content`)"),
    }),
    sample: {
      ...sample,
      message_id: "01934f5c-b8f4-7c20-8e31-5d6f70819203",
      seq: 3,
      role: "user",
      sender_id: sample.owner_id,
    },
  }),
};
