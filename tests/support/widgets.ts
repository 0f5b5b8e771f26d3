import { SignJWT } from "jose";
import { send } from "./api.ts";
import { bodyOf, makeInstance } from "./personas.ts";
import { createUserWithSession } from "./users.ts";

export const shop = "https://shop.example";

interface Widget {
  id: string;
  key: string;
  secret: string;
  instance_id: string;
}

/** A published persona of a tenant, and a widget of it on the pages of a shop. */
export async function withWidget(
  clientId: string,
  over: { chat?: Record<string, unknown>; widget?: Record<string, unknown> } = {},
) {
  const owner = await createUserWithSession(clientId);
  const staff = await createUserWithSession(clientId, { role: "moderator" });
  const instance = await makeInstance(owner, { model: "claude-haiku-5-5" });
  const chat = { enabled: true, audience: "public", daily_turns_per_person: 50, ...over.chat };
  await bodyOf(await send("PUT", `/api/v1/personas/instances/${instance.id}/chat`, chat, owner.headers), 200);
  const fields = { instance_id: instance.id, name: "Shop", origins: [shop], ...over.widget };
  const widget = await bodyOf<Widget>(await send("POST", "/api/v1/widgets", fields, staff.headers), 201);
  return { clientId, owner, staff, instance, widget };
}

interface Session {
  access_token: string;
  visitor_token: string;
  visitor_id: string;
  conversation_id: string | null;
  widget: Record<string, unknown>;
}

export const askSession = (
  key: string,
  more: { visitor_token?: string; identity?: string } = {},
  origin: string | undefined = shop,
): Promise<Response> =>
  send("POST", "/api/v1/widgets/sessions", { key, ...more }, origin === undefined ? {} : { origin });

/** A visitor of a widget, who asks from its page. */
export async function visit(...of: Parameters<typeof askSession>) {
  const session = await bodyOf<Session>(await askSession(...of), 200);
  const headers = { authorization: `Bearer ${session.access_token}`, origin: of[2] ?? shop };
  return { ...session, headers };
}

/** What a tenant's server signs of one of its customers. */
export const signedIdentity = (
  secret: string,
  sub: string,
  {
    exp = Math.floor(Date.now() / 1000) + 3600,
    jti = crypto.randomUUID(),
    alg = "HS256",
    ...more
  }: { exp?: number; jti?: string; alg?: string; name?: string; email?: string } = {},
): Promise<string> =>
  new SignJWT({ sub, jti, exp, ...more }).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
