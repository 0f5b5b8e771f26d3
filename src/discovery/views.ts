import type { z } from "@hono/zod-openapi";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import type { ItemContent, StoredItem, ToldList, ToldReason } from "#src/objects/recommendations-api.ts";
import type { recommendationsSchema } from "./list-schemas.ts";
import type { itemSchema, NewItem } from "./schemas.ts";

/** An item as the catalogue keeps it. */
export const contentOf = ({ published_at, expires_at, ...item }: NewItem): ItemContent => ({
  ...item,
  kind: "item",
  publishedAt: published_at === null ? null : Date.parse(published_at),
  expiresAt: expires_at === null ? null : Date.parse(expires_at),
});

/** An item on the wire. */
export const itemView = ({
  publishedAt,
  expiresAt,
  addedAt,
  updatedAt,
  ...item
}: StoredItem): z.infer<typeof itemSchema> => ({
  ...item,
  published_at: isoTimeOrNull(publishedAt),
  expires_at: isoTimeOrNull(expiresAt),
  created_at: isoTime(addedAt),
  updated_at: isoTime(updatedAt),
});

/** A list on the wire. */
export const listView = (
  { algorithm, items }: ToldList,
  requestId: string,
  now: number,
): z.infer<typeof recommendationsSchema> => ({
  recommendations: items.map(({ score, reasons, item }) => ({
    item_id: item.id,
    score: Math.round(Math.min(1, score) * 10_000) / 10_000,
    reasons: reasons.map(reasonView),
    item: itemView(item),
  })),
  request_id: requestId,
  algorithm,
  generated_at: isoTime(now),
});

const reasonView = (reason: ToldReason) =>
  reason.type === "because_you_liked" ? { type: reason.type, item_id: reason.itemId } : reason;
