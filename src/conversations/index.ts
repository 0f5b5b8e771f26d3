/** The door of `conversations`: what other rooms may import of it. */

export type { Holder } from "./holder.ts";
export { pathChange, type TreeNode, upwards } from "./tree.ts";
export { consequenceOf, staleness } from "./turn.ts";
