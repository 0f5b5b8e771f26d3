/** The door of `discovery`: what other rooms may import of it. */
export { deleteItem } from "./delete-item.ts";
export { findSimilarItems } from "./find-similar-items.ts";
export { getItem } from "./get-item.ts";
export { listItems } from "./list-items.ts";
export { personaItemsOf } from "./personas/persona-items-of.ts";
export { putItems } from "./put-items.ts";
export { recommendItems } from "./recommend-items.ts";
export { recordInteractions } from "./record-interactions.ts";
