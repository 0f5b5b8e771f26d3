import type { z } from "@hono/zod-openapi";
import type { createWorkflowSchema } from "#src/workflow-definitions/schemas.ts";
import { send } from "./api.ts";
import { bodyOf } from "./personas.ts";
import type { TestUser } from "./users.ts";

export interface Workflow {
  id: string;
  name: string;
  version: number;
  is_active: boolean;
  plan: Record<string, unknown>;
  validation: { valid: boolean; errors: { message: string }[]; metrics: Record<string, number> };
}

export type PlanInput = z.input<typeof createWorkflowSchema>["plan"];

/** A plan that only gives back what it was given. */
export const echoing: PlanInput = {
  start_step: "done",
  steps: { done: { action: "complete_workflow", input: { echo: "{{input.topic}}" } } },
};

/** A plan of one step that starts a workflow as a child run. */
export const calling = (...names: string[]): PlanInput => ({
  start_step: names[0] ?? "",
  steps: Object.fromEntries(
    names.map((name, index) => [
      name,
      { action: "run", topic: `workflow:${name}`, next_step: names[index + 1] },
    ]),
  ),
});

/** Asks for a workflow definition; answers with whatever comes. */
export const postWorkflow = (user: Pick<TestUser, "headers">, name: string, plan: unknown = echoing) =>
  send("POST", "/api/v1/admin/workflows", { name, plan }, user.headers);

/** Makes a workflow definition. */
export const makeWorkflow = async (
  user: Pick<TestUser, "headers">,
  name: string,
  plan: unknown = echoing,
): Promise<Workflow> => bodyOf(await postWorkflow(user, name, plan), 201);
