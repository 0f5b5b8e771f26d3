import { describe, expect, it, vi } from "vitest";
import { api, send } from "../../support/api.ts";
import { eventsOf } from "../../support/events.ts";
import { createUser } from "../../support/users.ts";

const unsaid = { granted: false, at: null, text_version: null, source: null };

describe("What one has agreed to", () => {
  it("is nothing until it is said, then what was said, with when, to which text and where", async () => {
    const { GET, PUT } = api((await createUser("consents")).token);
    const before = await GET("/api/v1/user/consents");
    expect(before.data).toEqual({
      personalisation: unsaid,
      history: unsaid,
      location: unsaid,
      insights: unsaid,
      analytics: unsaid,
    });
    const { data } = await PUT("/api/v1/user/consents", {
      body: { history: true, analytics: false, text_version: "2026-11", source: "settings" },
    });
    const said = { at: expect.any(String), text_version: "2026-11", source: "settings" };
    expect(data).toEqual({
      ...before.data,
      history: { granted: true, ...said },
      analytics: { granted: false, ...said },
    });
    expect((await GET("/api/v1/user/consents")).data).toEqual(data);
  });

  it("is one's own, in one's own tenant", async () => {
    const [ada, grace] = [await createUser("consents"), await createUser("consents")];
    await api(ada.token).PUT("/api/v1/user/consents", { body: { history: true } });
    expect((await api(grace.token).GET("/api/v1/user/consents")).data?.history).toEqual(unsaid);
  });

  it("is told to the person, once for what changes and not at all for what does not", async () => {
    const clientId = "consents_told";
    const { token, actor } = await createUser(clientId);
    const { PUT } = api(token);
    for (const granted of [true, true, false])
      await PUT("/api/v1/user/consents", { body: { location: granted } });
    const told = await vi.waitFor(async () => {
      const events = await eventsOf(clientId, "consent.changed");
      expect(events).toHaveLength(2);
      return events;
    });
    expect(told.map(({ data }) => data.location)).toEqual([true, false]);
    expect(told.map(({ owner_user_id }) => owner_user_id)).toEqual([actor.userId, actor.userId]);
  });

  it.each([{ marketing: true }, { history: "yes" }, { history: true, text_version: "" }])(
    "is said by its purposes and yes or no: %j is refused",
    async (body) => {
      const { headers } = await createUser("consents");
      expect((await send("PUT", "/api/v1/user/consents", body, headers)).status).toBe(400);
    },
  );
});
