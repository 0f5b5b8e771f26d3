/** What is counted of what happens (docs/analytics.md#what-is-counted). The one list of names. */
export const metricNames = [
  "conversations.started",
  "conversations.handed_over",
  "conversations.taken",
  "conversations.ended",
  "messages.sent",
  "turns.ended",
  "turns.first_delta",
  "answers.first_of_persona",
  "answers.first_of_person",
  "conversations.time_to_take",
  "conversations.time_to_end",
  "satisfaction.given",
  "feedback.given",
  "insights.read",
  "insights.topics",
] as const;
export type MetricName = (typeof metricNames)[number];

/** What a figure is told by; parts by one of them add up to the whole. */
export const metricDimensions = [
  "persona",
  "kind",
  "role",
  "status",
  "score",
  "opinion",
  "sentiment",
  "topic",
  "country",
  "language",
  "tier",
] as const;
export type MetricDimension = (typeof metricDimensions)[number];
