import { type SQL, sql } from "drizzle-orm";
import { countedEvents } from "#src/db/schema/index.ts";

/** A delivery's events: as JSON, and the word that they are written under. */
export interface Delivery {
  list: string;
  batch: string;
}

/** What of a delivery counts: what it, and no other before it, has written. Found by the events' ids. */
export const newsOf = ({ list, batch }: Delivery): SQL => sql`
  SELECT news.client_id, news.metric, news.at, news.told_by, news.value, news.person
  FROM json_each(${list}) AS told CROSS JOIN ${countedEvents} AS news ON news.id = told.value ->> 0
  WHERE news.batch = ${batch}`;
