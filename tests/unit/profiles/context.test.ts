import { describe, expect, it } from "vitest";
import { api } from "../../support/api.ts";
import { personOf } from "../../support/persons.ts";
import { createUser } from "../../support/users.ts";

const path = "/api/v1/personalization/context/{user_id}";
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const said = (message_content: string, more: { id?: string; timestamp?: string } = {}) => ({
  user_id: "me",
  message_content,
  timestamp: ago(1000),
  ...more,
});

describe("What one has said", () => {
  it("is there, the newest first and at most twenty of it, with what one cares for", async () => {
    const person = await personOf("contexts");
    for (let number = 0; number < 22; number++)
      await person.POST("/api/v1/personalization/context", {
        body: said(`Number ${number}`, { timestamp: ago((30 - number) * 1000) }),
      });
    await person.POST("/api/v1/personalization/user-profile", {
      body: { user_id: "me", conversation_preferences: { topics: ["tea"] } },
    });
    const { data } = await person.GET(path, { params: { path: person.path } });
    expect(data?.recent.map(({ message_content }) => message_content)).toEqual(
      Array.from({ length: 20 }, (_, number) => `Number ${21 - number}`),
    );
    expect(data).toMatchObject({ user_id: person.id, interests: [{ topic: "tea", weight: 1 }] });
    expect(data?.updated_at).toBe(data?.recent[0]?.timestamp);
  });

  it("is there once under one id, as it was told first", async () => {
    const person = await personOf("contexts");
    for (const text of ["First", "Second"]) {
      const body = said(text, { id: "mine" });
      const { data, response } = await person.POST("/api/v1/personalization/context", { body });
      expect([response.status, data]).toEqual([202, { id: "mine", accepted: true }]);
    }
    const { data } = await person.GET(path, { params: { path: person.path } });
    expect(data?.recent.map(({ message_content }) => message_content)).toEqual(["First"]);
  });

  it("is not kept of who has not agreed", async () => {
    const person = await personOf("contexts", ["history", "insights"]);
    const { data } = await person.POST("/api/v1/personalization/context", { body: said("Canary") });
    expect(data?.accepted).toBe(false);
    expect((await person.GET(path, { params: { path: person.path } })).data?.recent).toEqual([]);
  });

  it.each([
    ["six minutes ahead", -6 * 60_000, 400],
    ["four minutes ahead", -4 * 60_000, 202],
    ["399 days ago", 399 * 86_400_000, 202],
    ["401 days ago", 401 * 86_400_000, 400],
  ])("%s", async (_, ms, status) => {
    const person = await personOf("contexts");
    const body = said("Tea", { timestamp: ago(ms) });
    expect((await person.POST("/api/v1/personalization/context", { body })).response.status).toBe(status);
  });

  it("is told by oneself, and read by staff of the tenant and nobody else", async () => {
    const clientId = "contexts_staff";
    const person = await personOf(clientId);
    await person.POST("/api/v1/personalization/context", { body: said("Tea") });
    const other = await personOf(clientId);
    const staff = api((await createUser(clientId, { role: "moderator" })).token);
    const stranger = api((await createUser("contexts_elsewhere", { role: "admin" })).token);
    const params = { path: person.path };
    const body = { ...said("Not mine"), user_id: person.id };
    expect((await other.POST("/api/v1/personalization/context", { body })).response.status).toBe(403);
    expect((await other.GET(path, { params })).response.status).toBe(403);
    expect((await stranger.GET(path, { params })).response.status).toBe(404);
    expect((await staff.GET(path, { params })).data?.recent).toHaveLength(1);
  });
});
