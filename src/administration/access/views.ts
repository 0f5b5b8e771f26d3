import type { z } from "@hono/zod-openapi";
import type { endedSessionsSchema } from "./schemas.ts";

/** How many sessions of an account have ended. */
export const endedSessionsView = (
  user_id: string,
  { length }: readonly string[],
): z.infer<typeof endedSessionsSchema> => ({ user_id, sessions_ended: length, sessions_affected: length });
