import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageFields } from "#src/http/page.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { personKinds } from "#src/kernel/chat-words.ts";

const personId = z.uuid().openapi({ description: "An account of the tenant, or a visitor of its pages" });

export const banSchema = z
  .object({
    id: z.uuid(),
    person_id: z.string().openapi({ description: "Who" }),
    person_kind: z.enum(personKinds).openapi({ description: "Whether they have an account or visit a page" }),
    reason: z.string().openapi({ description: "Why, for the staff" }),
    until: z.iso.datetime().nullable().openapi({ description: "Null for good" }),
    created_by: z.string().nullable().openapi({ description: "Null where a rule has done it" }),
    created_at: z.iso.datetime(),
  })
  .openapi("Ban");

export const banListSchema = z.object({ bans: z.array(banSchema), ...pageFields }).openapi("BanList");

export const banParams = z.object({ ban_id: z.uuid() });

export const banListQuery = cursorQuery().extend({
  person_id: z.uuid().optional().openapi({ description: "Only theirs" }),
  client_id: clientIdSchema.optional().openapi({ description: "Whose, for administrators of the platform" }),
});

export const newBanSchema = z
  .strictObject({
    person_id: personId,
    reason: z
      .string()
      .trim()
      .min(1)
      .max(500)
      .openapi({ description: "Why, for the staff", example: "Threatened a colleague" }),
    until: z.iso.datetime({ offset: true }).nullable().default(null).openapi({
      description: "Until when; null for good",
    }),
  })
  .openapi("NewBan", {
    example: {
      person_id: "0198f3a2-7c1e-7d4b-9a55-2f6e8c0d1b3a",
      reason: "Threatened a colleague",
      until: "2099-01-01T00:00:00Z",
    },
  });
