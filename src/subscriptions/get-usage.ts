import { z } from "@hono/zod-openapi";
import { isoTime } from "#src/kernel/clock.ts";
import { operation } from "#src/operation/operation.ts";
import { usageSchema } from "./schemas.ts";
import { usageOfUser } from "./usage-of-user.ts";

export const getUsage = operation({
  name: "getUsage",
  summary: "What counts against one's quotas",
  input: z.object({}),
  output: usageSchema,
  refusals: ["SUBSCRIPTION_NOT_FOUND"],
  run: async (platform, actor) => {
    const { personas, projects, content } = await usageOfUser(platform, actor);
    return {
      user_id: actor.userId,
      personas_count: personas,
      projects_count: projects,
      content_count: content,
      last_updated: isoTime(platform.clock.now()),
    };
  },
});
