/** The door of `conversations`: what other rooms may import of it. */

export { type Holder, heldBy, statusUnder, withChange } from "./holder.ts";
export { withReceipt } from "./receipts.ts";
export { pathChange, type TreeNode, upwards } from "./tree.ts";
export { consequenceOf, staleness } from "./turn.ts";
