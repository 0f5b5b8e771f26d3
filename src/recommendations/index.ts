/** The door of `recommendations`: what other rooms may import of it. */
export { Catalogue } from "./catalogue.ts";
export { isHeldOut } from "./holdout.ts";
export { type Interaction, isPositive } from "./interaction.ts";
export { learnPairs, NeighbourList } from "./neighbours.ts";
export { PersonMemory } from "./person-memory.ts";
export type { Reason } from "./reasons.ts";
export { type Recommended, recommend, type Wish } from "./recommend.ts";
export { weightAt } from "./scale.ts";
