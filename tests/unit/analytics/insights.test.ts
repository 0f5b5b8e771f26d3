import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { countEvents } from "#src/analytics/counting/count-events.ts";
import { database } from "#src/db/client.ts";
import { countedInsights, sentimentWord } from "#src/personalisation/counted-insights.ts";
import { api } from "../../support/api.ts";
import { present } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";

const reading = (number: number, sentiment: number, topics: string[]) => ({
  personId: `person-${number}`,
  id: `reading-${number}`,
  conversationId: `conversation-${number}`,
  messageId: "message",
  instanceId: "persona",
  language: "en",
  sentiment,
  topics,
});

it("Analytics tell how owners seemed to feel, and of topics those that were of three conversations at least", async () => {
  const clientId = "analytics_insights";
  const admin = await createUser(clientId, { role: "admin" });
  const now = Date.now();
  const readings = [
    reading(1, 0.8, ["tea", "tea", "CANARY-of-two"]),
    reading(2, -0.6, ["tea", "CANARY-of-two"]),
    reading(3, 0.1, ["tea"]),
  ];
  const events = readings.flatMap((one) => countedInsights(one, now));
  const told = events.map((event) => ({ clientId, ...event }));
  for (let times = 0; times < 2; times++) await countEvents(database(env.DB), told, now);
  const { data } = await api(admin.token).GET("/api/v1/admin/analytics/conversations");
  const analytics = present(data);
  expect(analytics).toMatchObject({
    sentiment: { average: 0.1, count: 3, positive: 1, neutral: 1, negative: 1 },
    topics: [{ name: "tea", count: 3 }],
  });
  expect(JSON.stringify(analytics)).not.toMatch(/CANARY|person-/);
});

it("What a reading counts for says of nobody who it was, and is the same each time", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.array(fc.constantFrom("tea", "coffee", "cake"), { maxLength: 5 }),
      (sentiment, topics) => {
        const events = countedInsights(reading(1, sentiment, topics), 1);
        expect(events).toEqual(countedInsights(reading(1, sentiment, topics), 1));
        expect(events.every(({ person, account }) => person === null && account === null)).toBe(true);
        expect(new Set(events.map(({ id }) => id)).size).toBe(1 + new Set(topics).size);
        expect(events[0]?.by.sentiment).toBe(sentimentWord(sentiment));
        expect(Math.abs((events[0]?.value ?? 0) / 100 - sentiment)).toBeLessThanOrEqual(0.005001);
      },
    ),
  );
});
