import { z } from "@hono/zod-openapi";
import { isStaff } from "#src/identity/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { staffingOf } from "#src/tenants/index.ts";
import { changedHolderSchema, changeHolder, epochSchema } from "./change-holder.ts";
import { auditConversation, staffConversation, staffInput } from "./staff-conversation.ts";

export const assignConversation = operation({
  name: "assignConversation",
  summary: "Give a conversation to somebody of the staff, who holds it from here on",
  description: "With `keep_persona` they are only named, and the persona goes on.",
  input: z.object({
    ...staffInput,
    body: z
      .strictObject({
        admin_id: z.uuid().optional().openapi({ description: "Somebody of the tenant's staff" }),
        adminId: z.uuid().optional().openapi({ description: "Another spelling of `admin_id`" }),
        keep_persona: z.boolean().default(false).openapi({ description: "Whether the persona goes on" }),
        note: z.string().trim().max(500).default("").openapi({ description: "Why, for the log" }),
        if_epoch: epochSchema,
      })
      .refine(({ admin_id, adminId }) => admin_id !== undefined || adminId !== undefined, {
        path: ["admin_id"],
        message: "Who is to hold it",
      })
      .openapi("AssignConversation", {
        example: { admin_id: "0198f3a2-7c1e-7d4b-9a55-2f6e8c0d1b3a", note: "Knows about tea" },
      }),
  }),
  output: changedHolderSchema,
  refusals: ["NOT_FOUND", "CONFLICT", "CONVERSATION_ARCHIVED"],
  run: async (platform, actor, input) => {
    const { admin_id, adminId = "", keep_persona: keepPersona, note: reason, if_epoch: ifEpoch } = input.body;
    const to = admin_id ?? adminId;
    const { conversation, view, clientId } = await staffConversation(platform, actor, input);
    if (!(await isStaff(platform.db, clientId, to))) {
      const fields = [{ path: "admin_id", message: "Nobody of this tenant's active staff" }];
      throw new AppError("VALIDATION_ERROR", { details: { fields } });
    }
    await auditConversation(platform, actor, "conversation.assigned", view.id, clientId, {
      admin_id: to,
      reason,
    });
    const { holder_idle_seconds: idleSeconds } = await staffingOf(platform.db, clientId);
    const change = { action: "assign", to, keepPersona } as const;
    return changeHolder(conversation, { change, reason, ifEpoch, idleSeconds });
  },
});
