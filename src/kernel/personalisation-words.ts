/**
 * What a person may agree to (docs/personalisation.md#consents): a profile and facts in prompts; pages and interactions;
 * where they are; what is made of what they say; activity under their id.
 */
export const purposes = ["personalisation", "history", "location", "insights", "analytics"] as const;
export type Purpose = (typeof purposes)[number];

/** How much a persona is told of whom it talks with: nothing; how they like to be talked with; all that is known. */
export const personalisations = ["off", "preferences", "full"] as const;
