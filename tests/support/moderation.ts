import type { z } from "@hono/zod-openapi";
import type { ruleSchema } from "#src/moderation/rules/schemas.ts";
import { call, send } from "./api.ts";
import { begin, withPersona } from "./chats.ts";
import { bodyOf } from "./personas.ts";
import { createUserWithSession, type TestUser } from "./users.ts";

export const rulesRoot = "/api/v1/admin/moderation/rules";

export type Rule = z.infer<typeof ruleSchema>;

/** Makes a rule. */
export const withRule = async (staff: TestUser, rule: Record<string, unknown>): Promise<Rule> =>
  bodyOf(await send("POST", rulesRoot, { name: "Rule", action: "refuse", ...rule }, staff.headers), 201);

/** Somebody with a conversation, in a tenant with staff and rules on what is not wanted. */
export async function withRules(clientId: string) {
  const { user, instance } = await withPersona(clientId);
  const staff = await createUserWithSession(clientId, { role: "moderator" });
  for (const action of ["flag", "hold", "refuse"])
    await withRule(staff, { name: `Rule to ${action}`, action, words: [`${action}word`] });
  const { conversation } = await begin(user, instance.id);
  return { user, staff, instance, id: conversation.id };
}

interface Marked {
  conversation: { id: string };
  messages: { id: string; content: string; status: string; moderation: Record<string, unknown> | null }[];
}

/** A conversation as the staff sees it. */
export const staffView = async (staff: TestUser, id: string): Promise<Marked> =>
  bodyOf(await call(`/api/v1/admin/conversations/${id}`, { headers: staff.headers }), 200);

/** What the staff does about a message. */
export const decide = (staff: TestUser, id: string, messageId: string, what: "release" | "hide") =>
  send(
    "POST",
    `/api/v1/admin/conversations/${id}/messages/${messageId}/${what}`,
    what === "hide" ? { reason: "Rude" } : undefined,
    staff.headers,
  );
