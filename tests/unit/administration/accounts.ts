import { env } from "cloudflare:workers";
import { z } from "zod";
import { api, call, send } from "../../support/api.ts";
import { present } from "../../support/personas.ts";
import { createClient, createUser, type TestUser } from "../../support/users.ts";

export const password = "Correct-Horse-9";
export const path = "/api/v1/admin/users";

let number = 0;

/** A registered account with a live session, as its owner holds it. */
export async function registered(clientId: string, name = `person${number++}`) {
  await createClient(clientId);
  const email = `${name}@${clientId.replaceAll("_", "-")}.example`;
  const { data } = await api().POST("/api/v1/auth/register", {
    body: { email, password, client_id: clientId },
  });
  const { access_token, user } = present(data);
  return { id: user.id, email, token: access_token, headers: { authorization: `Bearer ${access_token}` } };
}

export const operator = (role: "admin" | "moderator" | "user" = "admin") => createUser("operator", { role });

/** Who may look at the people of one tenant. */
export const moderatorOf = (clientId: string) => createUser(clientId, { role: "moderator" });

/** A JSON call below /admin/users; without a body for GET. */
export const ask = (user: TestUser, method: string, below: string, body?: unknown): Promise<Response> =>
  method === "GET"
    ? call(`${path}${below}`, { headers: user.headers })
    : send(method, `${path}${below}`, body ?? {}, user.headers);

/** Status of a sign-in. */
export const signIn = async (email: string, secret = password): Promise<number> =>
  (await send("POST", "/api/v1/auth/login", { email, password: secret })).status;

/** Status of a call with an access token. */
export const useToken = async (token: string): Promise<number> =>
  (await call("/api/v1/user/profile", { headers: { authorization: `Bearer ${token}` } })).status;

const auditSchema = z.object({ action: z.string(), actor_id: z.string().nullable(), details: z.string() });

/** What the audit log says that somebody else did to an account. */
export async function auditOf(userId: string) {
  const { results } = await env.DB.prepare(
    `SELECT action, actor_id, details FROM audit_log
     WHERE target_id = ? AND actor_id <> target_id ORDER BY created_at, id`,
  )
    .bind(userId)
    .all();
  return results.map((row) => {
    const { action, actor_id, details } = auditSchema.parse(row);
    return { action, actor: actor_id, details: JSON.parse(details) };
  });
}
