import type { CountedEvent } from "#src/objects/counted-events.ts";
import type { Insights } from "#src/objects/insights-contract.ts";

/** Within this of nothing somebody seems to feel neither well nor badly. */
const evenWithin = 0.25;

/** How somebody seems to feel, in a word. */
export const sentimentWord = (sentiment: number): "positive" | "neutral" | "negative" =>
  sentiment > evenWithin ? "positive" : sentiment < -evenWithin ? "negative" : "neutral";

/**
 * What a reading counts for, of nobody in particular: how somebody seemed to feel, in hundredths, and each topic once of a
 * conversation.
 */
export function countedInsights(
  { id, conversationId, instanceId, sentiment, language, topics }: Omit<Insights, "facts" | "summary">,
  at: number,
): CountedEvent[] {
  const nobody = { at, person: null, account: null };
  const persona = { persona: instanceId };
  return [
    {
      ...nobody,
      id: `insights:${id}`,
      metric: "insights.read",
      by: { ...persona, sentiment: sentimentWord(sentiment), ...(language && { language }) },
      value: Math.round(100 * sentiment),
    },
    ...[...new Set(topics)].map((topic) => ({
      ...nobody,
      id: `${conversationId}:insights.topics:${topic}`,
      metric: "insights.topics" as const,
      by: { ...persona, topic },
      value: 1,
    })),
  ];
}
