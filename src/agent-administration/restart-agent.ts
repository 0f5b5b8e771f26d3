import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { findInstance } from "#src/personas/index.ts";
import { agentParams } from "./agent-schemas.ts";

/** Sends tasks again at once, whoever holds them; what is done twice is reported once. */
export const restartAgent = operation({
  name: "restartAgent",
  summary: "Send the unfinished tasks of a persona instance again",
  input: z.object({ params: agentParams }),
  output: z
    .object({ message: z.string(), agent_id: z.uuid(), redispatched_tasks: z.number().int() })
    .openapi("AgentRestarted"),
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params: { agent_id: id } }) => {
    const { db, objects } = platform;
    const instance = await findInstance(db, actor, id);
    if (!instance) throw new AppError("NOT_FOUND", { message: "No such agent" });
    const { clientId } = instance;
    await auditAction(platform, actor, {
      action: "instance.restarted",
      target: { type: "instance", id },
      clientId,
    });
    const counts = await Promise.all(
      (await objects.allWorkflows(clientId)).map((tenant) => tenant.redispatchTasksOfInstance(id)),
    );
    const redispatched_tasks = counts.reduce((total, count) => total + count, 0);
    return { message: "Unfinished tasks sent again", agent_id: id, redispatched_tasks };
  },
});
