import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { conversationStatuses } from "#src/kernel/chat-words.ts";
import { holderKinds, listSorts, mostCounted, type StaffFilter } from "../conversation-repository.ts";

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const moment = (description: string) =>
  time.optional().openapi({ type: "string", format: "date-time", description });
const uuid = z.uuid().optional();
const spelling = (name: string) => `Another spelling of \`${name}\``;

/** What a list of a tenant's conversations is asked by. */
export const staffListQuery = cursorQuery()
  .extend({
    page: z.coerce
      .number()
      .int()
      .min(1)
      .optional()
      .openapi({
        description: `Which page, from 1; beyond ${mostCounted} conversations the list goes on by \`cursor\``,
      }),
    client_id: clientIdSchema.optional(),
    user_id: uuid.openapi({ description: "Its owner" }),
    instance_id: uuid,
    admin_id: uuid.openapi({ description: "To whom of the staff it is assigned" }),
    status: z.enum(conversationStatuses).optional(),
    holder: z.enum(holderKinds).optional().openapi({ description: "`queue`: waits for a person" }),
    unread: z.enum(["true", "false"]).optional().openapi({
      description: "Whether there is something that its owner has not read",
    }),
    flagged: z.enum(["true", "false"]).optional().openapi({
      description: "Whether a rule has marked messages that nobody of the staff has decided on",
    }),
    q: z.string().trim().min(2).max(200).optional().openapi({
      description:
        "Words that a message of it has all of, as in `/conversations/search`; found among the newest 2 000 messages that have them",
      example: "green tea",
    }),
    sort: z.enum(listSorts).default("last_message_at").openapi({
      description: "What the list goes by, the latest first; by `started_at` each keeps its place",
    }),
    start_date: moment("Moved at or after it"),
    end_date: moment("Moved before it"),
    userId: uuid.openapi({ description: spelling("user_id") }),
    adminId: uuid.openapi({ description: spelling("admin_id") }),
    startDate: moment(spelling("start_date")),
    endDate: moment(spelling("end_date")),
  })
  .refine(({ page, cursor }) => page === undefined || cursor === undefined, {
    path: ["page"],
    message: "Either `page` or `cursor`",
  })
  .refine(({ page = 1, limit }) => page * limit <= mostCounted, {
    path: ["page"],
    message: `At most ${mostCounted} conversations by \`page\`; what follows by \`cursor\``,
  });
export type StaffListQuery = z.infer<typeof staffListQuery>;

/** What is asked for, whichever way it is spelt. */
export const filterOf = (query: StaffListQuery, clientId: string): StaffFilter => ({
  clientId,
  userId: query.user_id ?? query.userId,
  instanceId: query.instance_id,
  adminId: query.admin_id ?? query.adminId,
  status: query.status,
  holder: query.holder,
  isUnread: query.unread === undefined ? undefined : query.unread === "true",
  isFlagged: query.flagged === undefined ? undefined : query.flagged === "true",
  start: query.start_date ?? query.startDate,
  end: query.end_date ?? query.endDate,
});
