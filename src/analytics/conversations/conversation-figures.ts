import type { Database } from "#src/db/client.ts";
import { maxBuckets } from "../figures/lengths.ts";
import { conversationsBy, dayFigures, hourFigures, sumsByName } from "../figures/rollup-repository.ts";
import type { Span } from "../figures/span.ts";
import { durations, lengthDimension, wholeDimension } from "../metrics.ts";

const happened = [
  "conversations.started",
  "conversations.ended",
  "conversations.handed_over",
  "conversations.taken",
] as const;

const max = { personas: 20, topics: 20 };
/** Words that there are for how somebody feels. */
const moods = 3;
/** A topic of fewer conversations is not told: it might be one person's. */
const fewest = 3;

/** All that the figures of conversations are made of. */
export async function conversationFigures(db: Database, clientId: string, span: Span) {
  const days = { since: span.since, until: span.until };
  const whole = { clientId, dimension: wholeDimension, name: "" };
  const sums = (metrics: Parameters<typeof sumsByName>[2], dimension: string, limit: number) =>
    sumsByName(db, clientId, metrics, dimension, days, limit);
  const [rows, statuses, holders, resolved, lengths, byPersona, sentiments, topics] = await db.batch([
    span.isByHour
      ? hourFigures(db, whole, happened, { since: span.since * 24 - 14, until: span.until * 24 + 14 })
      : dayFigures(db, whole, happened, days),
    conversationsBy(db, "conversations.status", clientId),
    conversationsBy(db, "conversations.holder", clientId),
    sums(["conversations.ended"], "role", 2),
    sums(durations, lengthDimension, durations.length * maxBuckets),
    sums(happened, "persona", happened.length * max.personas),
    sums(["insights.read"], "sentiment", moods),
    sumsByName(db, clientId, ["insights.topics"], "topic", days, max.topics, fewest),
  ]);
  const personas = [...new Set(byPersona.map(({ name }) => name))].slice(0, max.personas);
  return { rows, statuses, holders, resolved, lengths, byPersona, personas, sentiments, topics };
}
export type ConversationFigures = Awaited<ReturnType<typeof conversationFigures>>;
