import { sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import { analyticsConsents, countedEvents, rollupDays, rollupHours } from "#src/db/schema/index.ts";
import { everyTenant } from "../metrics.ts";
import { type Delivery, newsOf } from "./news-statement.ts";

/** Writes events that nobody has written before. Persons only of those who have agreed to that. */
export const putEvents = (db: Database, { list, batch }: Delivery) =>
  insertSelect(
    db,
    countedEvents,
    {
      id: sql`value ->> 0`,
      batch,
      clientId: sql`value ->> 1`,
      at: sql`value ->> 2`,
      metric: sql`value ->> 3`,
      toldBy: sql`value -> 4`,
      value: sql`value ->> 5`,
      person: sql`(SELECT consent.person FROM ${analyticsConsents} AS consent
        WHERE consent.client_id = value ->> 1 AND consent.person = value ->> 6)`,
    },
    sql`FROM json_each(${list}) WHERE true`,
  ).onConflictDoNothing();

/**
 * What a delivery has written, as parts of rollups: the whole and each dimension, of the tenant and of all of them, which
 * are not told by persona.
 */
const partsOf = (delivery: Delivery) => sql`
  WITH news AS (${newsOf(delivery)}),
  parts AS (
    SELECT client_id, metric, '' AS dimension, '' AS name, at, value FROM news
    UNION ALL SELECT client_id, metric, part.key, part.value, at, news.value FROM news, json_each(told_by) AS part),
  whose AS (
    SELECT * FROM parts
    UNION ALL SELECT ${everyTenant}, metric, dimension, name, at, value FROM parts WHERE dimension <> 'persona')
  SELECT client_id, metric, dimension, name, at, value FROM whose`;

const figures = {
  clientId: sql`client_id`,
  metric: sql`metric`,
  dimension: sql`dimension`,
  name: sql`name`,
  n: sql`count(*)`,
  sum: sql`sum(value)`,
};

/** Adds to hours what a delivery has written. */
export const addToHours = (db: Database, delivery: Delivery) =>
  insertSelect(
    db,
    rollupHours,
    { ...figures, hour: sql`at / 3600000` },
    sql`FROM (${partsOf(delivery)}) WHERE true GROUP BY client_id, metric, dimension, name, at / 3600000`,
  ).onConflictDoUpdate({
    target: [
      rollupHours.clientId,
      rollupHours.metric,
      rollupHours.dimension,
      rollupHours.hour,
      rollupHours.name,
    ],
    set: { n: sql`${rollupHours.n} + excluded.n`, sum: sql`${rollupHours.sum} + excluded.sum` },
  });

/** What a row of days that is there already gains. */
export const addedToDay = {
  target: [rollupDays.clientId, rollupDays.metric, rollupDays.dimension, rollupDays.day, rollupDays.name],
  set: { n: sql`${rollupDays.n} + excluded.n`, sum: sql`${rollupDays.sum} + excluded.sum` },
};

/** Adds to days what a delivery has written. */
export const addToDays = (db: Database, delivery: Delivery) =>
  insertSelect(
    db,
    rollupDays,
    { ...figures, day: sql`at / 86400000` },
    sql`FROM (${partsOf(delivery)}) WHERE true GROUP BY client_id, metric, dimension, name, at / 86400000`,
  ).onConflictDoUpdate(addedToDay);
