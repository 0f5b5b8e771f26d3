import { z } from "@hono/zod-openapi";
import { listed, pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { namesOfInstances } from "#src/personas/index.ts";
import { type ApprovalKind, approvalListSchema, approvalsQuery } from "./schemas.ts";

/** A step's name has no point in it; that of a tool's call begins with its step's. */
const kindOf = ({ step }: { step: string }): ApprovalKind => (step.includes(".") ? "tool" : "pause");
const isOfKind = (kind: ApprovalKind | undefined) => (gate: { step: string }) =>
  kind === undefined || kindOf(gate) === kind;

/** Each run of the page tells all it asks. */
export const listApprovals = operation({
  name: "listApprovals",
  summary: "What one's own runs ask of a person",
  description:
    "Run by run, those begun last first: what there is to look at, until when, and what a rejection leads to. " +
    "A page has so many runs, each with all that it asks. Answered by `POST /personas/runs/{run_id}/resume` with the `step`.",
  input: z.object({ query: approvalsQuery }),
  output: approvalListSchema,
  run: async ({ db, objects }, { clientId, userId }, { query }) => {
    const page = pageRequest(query);
    const tenant = await objects.allWorkflows(clientId);
    const answers = await Promise.all(
      tenant.map((object) => object.waitingRuns(userId, page, query.instance_id)),
    );
    const found = answers
      .flatMap(({ runs }) => runs)
      .map((waiting) => ({ ...waiting, id: waiting.run.correlation_id, createdAt: waiting.run.created_at }))
      .sort((a, b) => (a.id < b.id ? 1 : -1));
    const { rows, page: fields } = listed(found, query.limit);
    const instanceIds = rows.flatMap(({ run }) => run.instance_id ?? []);
    const names = await namesOfInstances(db, clientId, instanceIds);
    const approvals = rows.flatMap(({ id, run, gates }) =>
      gates.filter(isOfKind(query.kind)).map(({ isReviewLeftOut, rejectionEndsRun, ...gate }) => ({
        ...gate,
        run_id: id,
        kind: kindOf(gate),
        instance_id: run.instance_id,
        instance_name: names.get(run.instance_id ?? "") ?? null,
        waiting_for: { user_id: run.user_id },
        review_left_out: isReviewLeftOut,
        rejection_ends_run: rejectionEndsRun,
        fuel: { budget: run.fuel_budget, spent: run.fuel_spent },
      })),
    );
    const waiting = answers.reduce((sum, answer) => sum + answer.waiting, 0);
    return { approvals, waiting, ...fields, count: approvals.length };
  },
});
