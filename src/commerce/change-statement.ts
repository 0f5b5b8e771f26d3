import { v7 as uuidv7 } from "uuid";
import { commerceChanges } from "#src/db/commerce/index.ts";
import type { Actor } from "#src/kernel/actor.ts";
import type { Platform } from "#src/platform.ts";
import { cutText } from "#src/text/cut-text.ts";

/** Something that somebody does, for the log of commerce. */
export interface Change {
  /** Dotted name: `order.confirmed`. */
  action: string;
  entityId: string;
  /** Plain facts, nothing personal. */
  details?: Record<string, unknown>;
}

/** Remembers who has changed something; stands in the batch that changes it. */
export const changeStatement = (
  { commerce }: Pick<Platform, "commerce">,
  { clientId, userId, via, device }: Actor,
  { action, entityId, details = {} }: Change,
  now: number,
) =>
  commerce.db.insert(commerceChanges).values({
    id: uuidv7({ msecs: now }),
    clientId,
    action,
    entityId,
    actorId: userId ?? null,
    via,
    ip: device.ip,
    userAgent: cutText(device.userAgent, 255),
    details,
    createdAt: now,
  });
