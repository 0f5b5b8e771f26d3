import {
  adjustStock,
  type ChangePreview,
  cancelOrder,
  createOrder,
  previewCancellation,
  previewNotes,
  previewOrder,
  previewStock,
  updateOrder,
} from "#src/commerce/index.ts";
import { type ShopChange, shopArguments } from "#src/engine/tool-loop/shop-tools.ts";
import type { OperationName } from "#src/operation/policy.ts";
import { wholly } from "./order-facts.ts";
import { checked, type Shop } from "./shop-use.ts";

/** A tool that changes the shop. */
interface Change {
  /** The operation that does it: what that needs, whoever allows it needs as well. */
  operation: OperationName;
  /** What it would do. */
  preview(shop: Shop, given: unknown): Promise<ChangePreview>;
  /** Does it, if what somebody has allowed is still what comes of it. */
  run(shop: Shop, given: unknown): Promise<object>;
}

/** The version of an order that somebody has looked at. */
const seen = ({ allowed }: Shop) => (allowed ? { version: allowed.before.version } : {});

/** What each tool does that changes something: the operation that REST and GraphQL have. */
export const changes: Record<ShopChange, Change> = {
  "orders.create": {
    operation: "createOrder",
    preview: checked(shopArguments["orders.create"], ({ platform, actor }, body) =>
      previewOrder(platform, actor, body),
    ),
    run: checked(shopArguments["orders.create"], async ({ perform, allowed }, body) => {
      const seenTotal = allowed ? { expected_total: allowed.after.total } : {};
      return wholly(await perform(createOrder, { body: { ...body, ...seenTotal } }));
    }),
  },
  "orders.cancel": {
    operation: "cancelOrder",
    preview: checked(shopArguments["orders.cancel"], ({ platform, actor }, { order_id }) =>
      previewCancellation(platform, actor, order_id),
    ),
    run: checked(shopArguments["orders.cancel"], async (shop, { order_id, reason }) => {
      const body = { reason, ...seen(shop) };
      return wholly(await shop.perform(cancelOrder, { params: { order_id }, body }));
    }),
  },
  "orders.note": {
    operation: "updateOrder",
    preview: checked(shopArguments["orders.note"], ({ platform, actor }, { order_id, notes }) =>
      previewNotes(platform, actor, order_id, notes),
    ),
    run: checked(shopArguments["orders.note"], async (shop, { order_id, notes }) => {
      const body = { notes, ...seen(shop) };
      return wholly(await shop.perform(updateOrder, { params: { order_id }, body }));
    }),
  },
  "stock.adjust": {
    operation: "adjustStock",
    preview: checked(shopArguments["stock.adjust"], ({ platform, actor }, wanted) =>
      previewStock(platform, actor, wanted),
    ),
    run: checked(shopArguments["stock.adjust"], ({ perform }, { product_id, change, reason }) =>
      perform(adjustStock, { params: { product_id }, body: { change, reason } }),
    ),
  },
};
