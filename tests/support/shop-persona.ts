import { env } from "cloudflare:workers";
import { z } from "zod";
import { database } from "#src/db/client.ts";
import { userPermissions } from "#src/db/schema/index.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { plan } from "./plans.ts";
import type { Shop } from "./shop.ts";
import { deliver, sandboxBinding, startedTask } from "./tasks.ts";
import { createUser } from "./users.ts";

const db = database(env.DB);
const sentSchema = z.looseObject({
  messages: z.array(
    z.object({ content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]) }),
  ),
});

const everyTool = ["orders.find", "orders.get", "customers.find", "products.find", "stock.get"];
const everyRight = ["commerce.orders", "commerce.manage"];
const everyChange = ["orders.create", "orders.cancel", "orders.note", "stock.adjust"];

/** A run whose model has the shop's tools, of somebody who has these rights. */
export async function atWork(
  prompt: string,
  userId: string,
  clientId: string,
  config: Record<string, unknown> = {},
  more: Partial<StartRun> = {},
) {
  const written = plan("answer", {
    answer: {
      action: "ai_text_generate",
      input: { prompt },
      tools: [...everyTool, ...everyChange],
    },
  });
  const run = await startedTask(clientId, written, config, { userId, ...more });
  const asked = sandboxBinding();
  const work = (...keys: string[]) =>
    deliver(
      "agents",
      keys.map((key) => run.envelope("answer", key)),
      asked,
    );
  return {
    ...run,
    work,
    /** What the calls have come to, as the model was told last. */
    told: () => {
      const bodies = asked.bodies.flatMap((body, at) =>
        asked.calls[at]?.endsWith("/messages") ? [sentSchema.parse(JSON.parse(body))] : [],
      );
      const blocks = (bodies.at(-1)?.messages ?? []).flatMap(({ content }) =>
        typeof content === "string" ? [] : content,
      );
      return blocks.filter(({ type }) => type === "tool_result");
    },
    decide: async (approved: boolean, gate = "answer.t0.0", permissions = everyRight) =>
      valueOrThrow(
        await run.tenant.resumeRun(run.correlationId, "tenant", {
          ...{ approved, step: gate, userId },
          rights: { role: "user", permissions },
        }),
      ),
  };
}

/** Whose run it is: the shop's keeper's. */
export const idsOf = ({ keeper: { actor } }: Shop) => [actor.userId, actor.clientId] as const;
/** What the sandbox's model is to be told to have it call a tool. */
export const callOf = (tool: string, input: object) => `call \`${tool}\` with ${JSON.stringify(input)}`;
/** Somebody of the shop's tenant with these permissions, which are in the database. */
export async function helper(shop: Shop, ...permissions: string[]) {
  const { actor } = await createUser(shop.keeper.actor.clientId, { permissions });
  const now = Date.now();
  for (const permission of permissions)
    await db.insert(userPermissions).values({ userId: actor.userId, permission, grantedAt: now });
  return actor.userId;
}
