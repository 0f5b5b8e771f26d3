import { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import type { SessionRow } from "./session-repository.ts";

const time = z.iso.datetime();

/** A session as people see it; nothing of it is a secret. */
export const sessionViewSchema = z.object({
  id: z.uuid(),
  created_at: time,
  last_used_at: time,
  expires_at: time,
  ip: z.string(),
  ip_address: z.string().openapi({ description: "The older name of `ip`" }),
  is_active: z.boolean().openapi({ description: "Whether it is in force; only such are listed" }),
  user_agent: z.string(),
});

export const sessionView = (session: SessionRow): z.infer<typeof sessionViewSchema> =>
  wireRow(sessionViewSchema, session, { ip_address: session.ip, is_active: session.revokedAt === null });
