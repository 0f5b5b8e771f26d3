import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { forgetVisitors, keptMs } from "#src/visitors/forget-visitors.ts";
import { call, send } from "../../support/api.ts";
import { tellLists } from "../../support/chats.ts";
import { bodyOf } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { visit, withWidget } from "../../support/widgets.ts";

it("What a visitor said is erased 90 days later, then they are forgotten; nothing before, and nobody's else", async () => {
  const clientId = "visitors_forgotten";
  const { widget, owner } = await withWidget(clientId);
  const visitor = await visit(widget.key);
  const begun = async (headers: Record<string, string>) => {
    const made = await send("POST", "/api/v1/conversations", { instance_id: widget.instance_id }, headers);
    const { conversation } = await bodyOf<{ conversation: { id: string } }>(made, 201);
    await tellLists(clientId, conversation.id);
    return conversation.id;
  };
  const [theirs, owners] = [await begun(visitor.headers), await begun(owner.headers)];
  const forget = async (now: number) => {
    await forgetVisitors(testPlatform(), now);
    await tellLists(clientId, theirs);
  };
  const status = async (headers: Record<string, string>, id: string) =>
    (await call(`/api/v1/conversations/${id}`, { headers })).status;
  const known = () =>
    env.DB.prepare("SELECT count(*) AS n FROM visitors WHERE id = ?").bind(visitor.visitor_id).first("n");

  await forget(Date.now() + keptMs - 60_000);
  expect(await status(visitor.headers, theirs)).toBe(200);
  const later = Date.now() + keptMs + 60_000;
  await forget(later);
  expect(await status(visitor.headers, theirs)).toBe(404);
  await forget(later);
  expect(await known()).toBe(0);
  expect(await status(owner.headers, owners)).toBe(200);
});
