import { env } from "cloudflare:workers";
import { beforeAll } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { send } from "#tests/support/api.ts";
import { tenantObject } from "#tests/support/objects.ts";
import { projectRun } from "#tests/support/personas.ts";
import { plan, startRequest } from "#tests/support/plans.ts";
import { createUser, type TestUser } from "#tests/support/users.ts";

export const path = "/api/v1/admin/workflows";

export const asking = plan("ask", {
  ask: { action: "pause_for_human_input", next_step: "done" },
  done: {
    action: "complete_workflow",
    input: { said: "{{data.human_feedback}}", by: "{{steps.ask.output.answered_by}}" },
  },
});

/** An administrator of the operator, made before the tests of the file that imports this. */
export let admin: TestUser;

beforeAll(async () => {
  admin = await createUser("operator", { role: "admin" });
});

/** Starts a run in the object of another tenant and shows it to the read model, as the events Worker does. */
export async function runOf(clientId: string, of = asking): Promise<string> {
  const owner = await createUser(clientId);
  const { userId } = owner.actor;
  const request = startRequest(clientId, { plan: of, userId });
  const { correlationId } = valueOrThrow(await tenantObject(clientId).startRun(request));
  const created_at = Date.now();
  await projectRun(owner, request.instanceId ?? "", {
    correlation_id: correlationId,
    id: correlationId,
    created_at,
    status: "paused",
    completed_at: null,
  });
  return correlationId;
}

export const decide = (user: TestUser, id: string, body: unknown, at = `${path}/runs/${id}/resume`) =>
  send("POST", at, body, user.headers);

export const auditOf = async (id: string) => {
  const { results } = await env.DB.prepare(
    "SELECT action, actor_id, client_id, details FROM audit_log WHERE target_id = ? ORDER BY id",
  )
    .bind(id)
    .all<{ action: string; actor_id: string; client_id: string; details: string }>();
  return results;
};
