/** What a person may do with an item. */
export const interactionTypes = ["view", "click", "like", "dislike", "dismiss", "purchase", "rate"] as const;
export type InteractionType = (typeof interactionTypes)[number];

/** What an item is: of a tenant's catalogue, or a persona to talk with. */
export const itemKinds = ["item", "persona"] as const;
export type ItemKind = (typeof itemKinds)[number];

/** How a list was made: for the person, by what is popular, or by what an item is like. */
export const recommendationAlgorithms = ["personal", "popular", "similar"] as const;
export type RecommendationAlgorithm = (typeof recommendationAlgorithms)[number];

/** Why something is recommended. */
export const reasonTypes = ["because_you_liked", "matches", "popular", "new"] as const;
