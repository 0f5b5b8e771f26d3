import { Hono } from "hono";
import { z } from "zod";
import type { ObjectBindings } from "#src/objects/objects.ts";
import type { RunCopy, UsageRecord } from "#src/objects/platform-message.ts";

/** Runs that the object takes over in one call. */
const piece = 500;

const filledSchema = z.object({
  client_id: z.string(),
  owner_user_id: z.string(),
  /** The instance. */
  id: z.uuid(),
  count: z.number().int(),
});

/** A run of one task that ended long ago; ids are in the order of their beginnings, and end with shard 0. */
function finished(number: number, whose: z.infer<typeof filledSchema>): [RunCopy, UsageRecord] {
  const correlation_id = `${whose.id.slice(0, 23)}-${(number * 256).toString(16).padStart(12, "0")}`;
  const shared = {
    client_id: whose.client_id,
    user_id: whose.owner_user_id,
    instance_id: whose.id,
    correlation_id,
    tokens_in: 1,
    tokens_out: 1,
    cost_micros: 1,
    created_at: number,
  };
  return [
    {
      ...shared,
      type: "run.copy",
      id: `${correlation_id}:1`,
      revision: 1,
      project_id: null,
      template_id: null,
      status: "completed",
      current_step: "write",
      fuel_budget: 100,
      fuel_spent: 10,
      error: null,
      updated_at: number,
      completed_at: number,
    },
    {
      ...shared,
      type: "usage",
      id: `${correlation_id}.write.main:1`,
      step_name: "write",
      agent_type: "copywriter",
      action: "ai_text_generate",
      model: null,
      fuel: 10,
      duration_ms: 1,
      success: true,
      error_code: null,
    },
  ];
}

/** Gives an instance's object so many finished runs, each with one task. */
export const history = new Hono<{ Bindings: Pick<ObjectBindings, "TENANT_WORKFLOWS"> }>().post(
  "/",
  async (c) => {
    const whose = filledSchema.parse(await c.req.json());
    const tenant = c.env.TENANT_WORKFLOWS.getByName(whose.client_id);
    for (let first = 1; first <= whose.count; first += piece) {
      const runs = Array.from({ length: Math.min(piece, whose.count - first + 1) }, (_, index) =>
        finished(first + index, whose),
      );
      await tenant.takeOverHistory(
        runs.map(([run]) => run),
        runs.map(([, attempt]) => attempt),
      );
    }
    return c.json({ filled: whose.count });
  },
);
