import { z } from "@hono/zod-openapi";
import { tiers } from "#src/kernel/actor.ts";
import { seriesQuery } from "../figures/span.ts";
import { granularities } from "../periods.ts";

const count = z.number().int().nonnegative();
const said = <T extends z.ZodType>(schema: T, description: string) => schema.openapi({ description });
const share = z.number().nonnegative();

export const userAnalyticsQuery = seriesQuery
  .extend({
    tier: z.enum(tiers).optional().openapi({ description: "Only of accounts that had this tier then" }),
    instance_id: z.uuid().optional().openapi({ description: "Only what happened with this persona" }),
  })
  .refine(({ tier, instance_id }) => tier === undefined || instance_id === undefined, {
    path: ["instance_id"],
    message: "Either `tier` or `instance_id`",
  });

export const periodSchema = z
  .object({
    start_date: z.iso.date(),
    end_date: said(z.iso.date(), "The last day, which is in it"),
    granularity: z.enum(granularities),
    time_zone: z.string(),
  })
  .openapi("AnalyticsPeriod");

const active = z
  .object({
    day: said(count, "On the last day"),
    week: said(count, "In the week (from Monday) that the last day is in"),
    month: said(count, "In the calendar month that the last day is in"),
    period: said(count, "On any of the days"),
    method: said(
      z.enum(["exact", "sketch"]),
      "`sketch`: `period` is estimated, to within 2 % as a rule; a day, a week, a month are exact",
    ),
  })
  .openapi("ActivePersons");

const totals = z
  .object({
    total_users: said(count, "Accounts that there are now"),
    new_users: said(count, "Accounts that were made"),
    returning_users: said(count, "Active in the last day’s month and in the one before"),
    churned_users: said(count, "Active in the month before the last day’s, and not in it"),
    visitors: said(count, "Conversations that people without an account began"),
    active: said(active, "Distinct persons, of those who have agreed to be counted under their id"),
    stickiness: said(share, "Of those active in the month, the share that was on the last day"),
    conversations_started: count,
    messages_sent: said(count, "By people, personas and staff"),
    messages_per_conversation: said(z.number().nonnegative(), "Both of them in these days"),
    satisfaction: said(
      z.object({
        average: said(z.number().nullable(), "From 1 to 5; null where nobody has said anything"),
        count,
        distribution: said(z.record(z.string(), count), "How often which score"),
      }),
      "What owners said of conversations that had ended",
    ),
    feedback: said(z.object({ up: count, down: count }), "What owners thought of answers"),
  })
  .openapi("UserTotals");

const point = z
  .object({
    at: said(z.iso.datetime(), "When its hour, day, week or month begins, in the time zone’s own time"),
    new_users: count,
    active_users: said(count.nullable(), "Distinct persons; null by the hour, and in other zones than UTC"),
    conversations_started: count,
    messages_sent: count,
  })
  .openapi("UserPoint");

const part = { conversations_started: count, messages_sent: count };
const byName = z.object({ name: z.string(), ...part }).openapi("UserPart");

export const userAnalyticsSchema = z
  .object({
    period: said(periodSchema, "The days that it is of"),
    totals: said(totals, "Of all the days together"),
    series: said(z.array(point), "One for each, in order, also where nothing was"),
    by_tier: said(
      z.array(z.object({ name: z.enum(tiers), users: count, ...part }).openapi("TierPart")),
      "Accounts that there are now, and what they did, by the tier that they had then",
    ),
    by_country: said(z.array(byName), "The hundred with most, where it is known"),
    by_language: said(z.array(byName), "The hundred with most, where it is known"),
    top_personas: said(
      z.array(
        z
          .object({
            instance_id: z.string(),
            name: said(z.string().nullable(), "What it is called"),
            messages_sent: count,
          })
          .openapi("TopPersona"),
      ),
      "The ten with most messages; empty over all tenants",
    ),
    as_of: said(z.iso.datetime(), "When it was read"),
    lag_seconds: said(
      count.nullable(),
      "How long the oldest event waits that is not counted yet; null where nobody says",
    ),
  })
  .openapi("UserAnalytics");
export type UserAnalytics = z.infer<typeof userAnalyticsSchema>;
