/** The door of `personalisation`: what other rooms may import of it. */
export { consentChanges, consentsFrom, optedOut } from "./consent.ts";
export { countedInsights } from "./counted-insights.ts";
export { factsFor, forbiddenKind } from "./facts.ts";
export { interestsOf, type Mark } from "./interests.ts";
export { amendedPreferences, haveRoom, keptLocation, keptPages } from "./kept-parts.ts";
export { personBlock } from "./person-block.ts";
export { segmentsOf } from "./segments.ts";
