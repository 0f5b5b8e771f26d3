import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import { requireNotBanned } from "#src/moderation/index.ts";
import { openOperation } from "#src/operation/operation.ts";
import { findWidgetByKey, openingAt } from "#src/widgets/index.ts";
import { mayBePublic } from "./may-be-public.ts";
import { recogniseVisitor } from "./recognise-visitor.ts";
import { openSessionSchema, widgetSessionSchema } from "./schemas.ts";
import { verifyIdentity } from "./verify-identity.ts";
import { findOpenConversation } from "./visitor-repository.ts";
import { signVisitorToken, visitorTokenSeconds } from "./visitor-token.ts";

export const openWidgetSession = openOperation({
  name: "openWidgetSession",
  summary: "Let a visitor of a page in, who has no account",
  description:
    "For pages whose origin the widget names. The access token is good for the visitor's own conversations with the " +
    "widget's persona, from that page, and for nothing else.",
  input: z.object({
    headers: z.object({
      origin: z.string().optional().openapi({ description: "The page's; browsers send it" }),
    }),
    body: openSessionSchema,
  }),
  output: widgetSessionSchema,
  refusals: ["NOT_FOUND", "INSUFFICIENT_PERMISSIONS", "PERSONA_DISABLED", "BANNED", "RATE_LIMITED"],
  // It may be asked for as often as one likes; and no token is to lie among answers.
  ignoresKeys: true,
  run: async (platform, _, { headers: { origin }, body }) => {
    const { db, clock, settings } = platform;
    const found = await findWidgetByKey(db, body.key);
    if (!found || !mayBePublic(found.ownerTier))
      throw new AppError("NOT_FOUND", { message: "No such widget" });
    const { widget, chat, isActive } = found;
    if (origin === undefined || !widget.origins.includes(origin))
      throw new AppError("INSUFFICIENT_PERMISSIONS", {
        message: "This page may not show the widget: its `Origin` is none of the widget's `origins`",
      });
    if (!isActive) throw new AppError("PERSONA_DISABLED");
    const now = clock.now();
    const identity =
      body.identity === undefined ? undefined : await verifyIdentity(body.identity, widget.secret, now);
    const { id: widgetId, clientId, instanceId } = widget;
    const { visitorId, visitorToken } = await recogniseVisitor(platform, {
      widget,
      visitorToken: body.visitor_token,
      identity,
    });
    await requireNotBanned(platform, { clientId, id: visitorId });
    const visit = { visitorId, widgetId, instanceId, origin };
    const [accessToken, open] = await Promise.all([
      signVisitorToken({ clientId, visit }, keyRingOf(settings), now),
      findOpenConversation(db, clientId, visitorId),
    ]);
    const { name, theme, texts } = widget;
    const { greeting, starters } = chat;
    const { isOpen, opensAt } = openingAt(widget.hours, now);
    const handover = chat.handover && isOpen;
    const hours = { open: isOpen, opens_at: opensAt === null ? null : isoTime(opensAt) };
    return {
      access_token: accessToken,
      token_type: "Bearer" as const,
      expires_in: visitorTokenSeconds,
      visitor_token: visitorToken,
      visitor_id: visitorId,
      conversation_id: open?.id ?? null,
      widget: { name, instance_id: instanceId, greeting, starters, handover, ...hours, theme, texts },
    };
  },
});
