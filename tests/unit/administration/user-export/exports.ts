import { env } from "cloudflare:workers";
import { ask, operator } from "../accounts.ts";

export const exported = async (body: object) => ask(await operator(), "POST", "/export", body);

export const set = (userId: string, assignment: string, ...values: unknown[]) =>
  env.DB.prepare(`UPDATE users SET ${assignment} WHERE id = ?`)
    .bind(...values, userId)
    .run();
