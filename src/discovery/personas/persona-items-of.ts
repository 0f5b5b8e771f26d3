import type { Database } from "#src/db/client.ts";
import type { ItemContent } from "#src/objects/recommendations-api.ts";
import { cutText } from "#src/text/cut-text.ts";
import { publishedPersonas, usableTemplates } from "./persona-item-repository.ts";

/** So many of each are recommended. */
const most = 200;

interface Told {
  id: string;
  name: string;
  description: string;
  category: string;
}

const itemOf =
  (prefix: "persona" | "template") =>
  ({ id, name, description, category }: Told): ItemContent => ({
    ...{ id: `${prefix}:${id}`, kind: "persona", title: cutText(name, 300) },
    description: description === "" ? null : cutText(description, 2000),
    tags: [cutText(category, 50)],
    ...{ language: null, url: null, image: null, publishedAt: null, expiresAt: null },
    ...{ available: true, attributes: {} },
  });

/** What a tenant recommends that has no catalogue: its personas, and templates to make one from. */
export async function personaItemsOf(db: Database, clientId: string): Promise<ItemContent[]> {
  const [personas, ...templates] = await Promise.all([
    publishedPersonas(db, clientId),
    ...usableTemplates(db, clientId),
  ]);
  return [...personas.slice(0, most).map(itemOf("persona")), ...templates.flat().map(itemOf("template"))];
}
