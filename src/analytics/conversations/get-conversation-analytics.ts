import { z } from "@hono/zod-openapi";
import { conversationStatuses } from "#src/kernel/chat-words.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { operation } from "#src/operation/operation.ts";
import { lengthsOf } from "../figures/lengths.ts";
import { seriesOf, totalsOf } from "../figures/series.ts";
import { type Span, seriesQuery, spanOf, toldPeriod } from "../figures/span.ts";
import { whoseFigures } from "../figures/whose.ts";
import { everyTenant } from "../metrics.ts";
import { namesOfInstances } from "../persona-name-repository.ts";
import { type ConversationFigures, conversationFigures } from "./conversation-figures.ts";
import { type ConversationAnalytics, conversationAnalyticsSchema } from "./schemas.ts";

export const getConversationAnalytics = operation({
  name: "getConversationAnalytics",
  summary: "How conversations go: how many, how soon they are answered, how they end",
  description: "Counted as it happens, each event once; lengths are told to within 5 %.",
  input: z.object({ query: seriesQuery }),
  output: conversationAnalyticsSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, clock }, actor, { query }) => {
    const span = spanOf(query, clock.now());
    const clientId = await whoseFigures(db, actor, query.client_id);
    const figures = await conversationFigures(db, clientId, span);
    const ids = clientId === everyTenant ? [] : figures.personas;
    const named = ids.length === 0 ? [] : await namesOfInstances(db, clientId, ids);
    return viewOf(span, figures, ids, new Map(named.map(({ id, name }) => [id, name])));
  },
});

const happenedIn = (of: (metric: string) => { n: number }) => ({
  started: of("conversations.started").n,
  ended: of("conversations.ended").n,
  handed_over: of("conversations.handed_over").n,
});

const sentimentOf = (rows: ConversationFigures["sentiments"]): ConversationAnalytics["sentiment"] => {
  const of = (name: string) => rows.find((row) => row.name === name)?.n ?? 0;
  const count = rows.reduce((total, { n }) => total + n, 0);
  const sum = rows.reduce((total, row) => total + row.sum, 0);
  return {
    average: count === 0 ? null : sum / count / 100,
    count,
    positive: of("positive"),
    neutral: of("neutral"),
    negative: of("negative"),
  };
};

function viewOf(
  span: Span,
  figures: ConversationFigures,
  personas: readonly string[],
  names: ReadonlyMap<string, string>,
): ConversationAnalytics {
  const points = seriesOf(span, figures.rows);
  const total = totalsOf(points);
  const countOf = (rows: readonly { key: string; count: number }[], key: string) =>
    rows.find((row) => row.key === key)?.count ?? 0;
  const lengths = (metric: string) => lengthsOf(figures.lengths.filter((row) => row.metric === metric));
  const ofPersona = (id: string) => (metric: string) => ({
    n: figures.byPersona.find((row) => row.metric === metric && row.name === id)?.n ?? 0,
  });
  return {
    period: toldPeriod(span),
    totals: {
      ...happenedIn(total),
      taken: total("conversations.taken").n,
      resolved_by_persona: figures.resolved.find(({ name }) => name === "assistant")?.n ?? 0,
    },
    by_status: Object.fromEntries(
      conversationStatuses.map((status) => [status, countOf(figures.statuses, status)]),
    ),
    by_holder: {
      persona: countOf(figures.holders, "persona"),
      queue: countOf(figures.holders, "queue"),
      user: countOf(figures.holders, "user"),
    },
    by_persona: personas.map((id) => ({
      instance_id: id,
      name: names.get(id) ?? null,
      ...happenedIn(ofPersona(id)),
    })),
    first_answer: {
      persona: lengths("answers.first_of_persona"),
      person: lengths("answers.first_of_person"),
    },
    time_to_take: lengths("conversations.time_to_take"),
    time_to_end: lengths("conversations.time_to_end"),
    sentiment: sentimentOf(figures.sentiments),
    topics: figures.topics.map(({ name, n }) => ({ name, count: n })),
    series: points.map(({ at, of }) => ({ at: isoTime(at), ...happenedIn(of) })),
  };
}
