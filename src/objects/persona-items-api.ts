import type { ItemContent } from "./recommendations-api.ts";

/** Ids of personas and templates among items begin so; nobody else's do. */
export const personaItemPrefixes = ["persona:", "template:"] as const;

/** Whether an id is that of a persona or a template. */
export const isPersonaItem = (itemId: string): boolean =>
  personaItemPrefixes.some((prefix) => itemId.startsWith(prefix));

/** What the gateway does for a tenant's personalisation, which asks it. */
export interface PersonaItemsApi {
  /** The personas that everybody of a tenant may talk with, and the templates that they may make one from, as items. */
  personaItemsOf(clientId: string): Promise<ItemContent[]>;
}
