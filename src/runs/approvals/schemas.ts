import { z } from "@hono/zod-openapi";
import { waitingGateSchema } from "#src/engine/run-view.ts";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageFields } from "#src/http/page.ts";

/** What is asked: by a pause of the plan, or whether a tool may be called. */
const approvalKinds = ["pause", "tool"] as const;
export type ApprovalKind = (typeof approvalKinds)[number];

export const approvalsQuery = cursorQuery().extend({
  instance_id: z.uuid().optional().openapi({ description: "Only what runs of this persona ask" }),
  kind: z
    .enum(approvalKinds)
    .optional()
    .openapi({ description: "Only pauses of plans, or only calls of tools; a page may have fewer then" }),
});

const approvalSchema = waitingGateSchema
  .extend({
    run_id: z.uuid().openapi({
      description: "One's own run, which is answered: the one that it is a step of, or the one above that",
    }),
    kind: z.enum(approvalKinds).openapi({
      description: "A pause of the plan asks (`pause`), or a tool that a model wants to call (`tool`)",
    }),
    instance_id: z.uuid().nullable(),
    instance_name: z.string().nullable().openapi({
      description: "What its persona is called, also one that is deleted; null for a run of none",
    }),
    description: z.string().openapi({
      description: "What is asked, in the plan's words; empty where it has none, and for a tool's call",
    }),
    waiting_for: z
      .object({ user_id: z.string() })
      .openapi({ description: "Who decides; administrators of the tenant may as well" }),
    review_left_out: z.boolean().openapi({
      description: "Whether `review` is null for being larger than a list tells (32 KiB): the run has it",
    }),
    rejection_ends_run: z.boolean().openapi({
      description: "Whether a rejection fails the run that it is a step of: its plan has no `on_error` there",
    }),
    fuel: z.object({ budget: z.number().int(), spent: z.number().int() }),
  })
  .openapi("Approval");

export const approvalListSchema = z
  .object({
    approvals: z.array(approvalSchema).openapi({ description: "What is asked, run by run" }),
    waiting: z
      .number()
      .int()
      .openapi({ description: "How many runs wait in all; nobody counts further than a thousand" }),
    ...pageFields,
  })
  .openapi("ApprovalList");
