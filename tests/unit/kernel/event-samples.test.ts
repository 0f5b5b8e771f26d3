import { expect, it } from "vitest";
import { eventProblem, sampleOf, webhookEvents } from "#src/kernel/event-catalogue.ts";
import { call } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";

it.each(webhookEvents)(
  "%s has a sample that is as its event says, and stands in the document",
  async (name) => {
    const sample = sampleOf(name);
    expect(Object.keys(sample)).not.toEqual([]);
    expect(eventProblem(name, sample)).toBeUndefined();
    const { webhooks } = await bodyOf<{ webhooks: Record<string, unknown> }>(
      await call("/openapi.json"),
      200,
    );
    expect(webhooks[name]).toMatchObject({
      post: { requestBody: { content: { "application/json": { example: { type: name, data: sample } } } } },
    });
  },
);
