import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { type Purpose, purposes } from "#src/kernel/personalisation-words.ts";
import { parts, personOf, storedOf } from "../../support/persons.ts";

/** Somebody of whom each part is known, each with a word of its own. */
async function known(clientId: string) {
  const person = await personOf(clientId);
  const params = { path: person.path };
  const body = {
    user_id: "me",
    browsing_history: [{ ...parts.page, title: "CANARY-history" }],
    location_data: { ...parts.place, city: "CANARY-location" },
    conversation_preferences: { tone: "CANARY-preferences" },
  };
  await person.POST("/api/v1/personalization/user-profile", { body });
  await person.POST("/api/v1/personalization/context", {
    body: {
      user_id: "me",
      message_content: "CANARY-personalisation",
      timestamp: new Date().toISOString(),
    },
  });
  await env.TENANT_PERSONALISATION.getByName(clientId).noteInsights({
    personId: person.id,
    ...{ id: "reading", conversationId: "c", messageId: "m", instanceId: "p" },
    ...{ sentiment: 0, language: "en", topics: [], summary: "CANARY-insights", facts: [] },
  });
  const shown = async () =>
    JSON.stringify([
      (await person.GET("/api/v1/personalization/user-profile/{user_id}", { params })).data,
      (await person.GET("/api/v1/personalization/context/{user_id}", { params })).data,
    ]);
  return { ...person, shown };
}

const canaries = ["history", "location", "personalisation", "insights"] as const;

describe("What was withdrawn or erased is gone (invariant 4):", () => {
  it.each(purposes)("%s, from the next read on and from what is stored; the rest stays", async (purpose) => {
    const clientId = `withdrawn_${purpose}`;
    const person = await known(clientId);
    const said: Partial<Record<Purpose, boolean>> = { [purpose]: false };
    await person.PUT("/api/v1/user/consents", { body: said });
    const [shown, stored] = [await person.shown(), await storedOf(clientId)];
    for (const canary of [...canaries, "preferences"]) {
      expect([canary, shown.includes(`CANARY-${canary}`)]).toEqual([canary, canary !== purpose]);
      expect([canary, stored.includes(`CANARY-${canary}`)]).toEqual([canary, canary !== purpose]);
    }
  });

  it("everything, with the profile; others of the tenant stay as they are", async () => {
    const clientId = "erased_person";
    const [person, other] = [await known(clientId), await known(clientId)];
    const path = "/api/v1/personalization/user-profile/{user_id}";
    expect((await person.DELETE(path, { params: { path: person.path } })).response.status).toBe(204);
    // Once more, it is still nothing.
    expect((await person.DELETE(path, { params: { path: person.path } })).response.status).toBe(204);
    expect(await person.shown()).not.toContain("CANARY");
    for (const canary of canaries) expect(await other.shown()).toContain(`CANARY-${canary}`);
    const { data } = await person.GET("/api/v1/user/consents");
    expect(Object.values(data ?? {}).filter(({ granted }) => granted)).toEqual([]);
    // What tells of the erasure itself goes once it was heard.
    expect(await storedOf(clientId, ["news"])).not.toContain(person.id);
  });
});
