import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { auditedActions } from "../../support/accounts.ts";
import { api, send } from "../../support/api.ts";
import { eventsOf } from "../../support/events.ts";
import { parts, personOf } from "../../support/persons.ts";
import { createUser } from "../../support/users.ts";

const profilePath = "/api/v1/personalization/user-profile/{user_id}";
const { page, place, liking } = parts;

const made = async (clientId: string, more: object = {}) => {
  const person = await personOf(clientId);
  const body = { user_id: person.id, conversation_preferences: liking, ...more };
  const { data, response } = await person.POST("/api/v1/personalization/user-profile", { body });
  expect(response.status).toBe(201);
  return { ...person, profile: data, etag: response.headers.get("etag") };
};

describe("A profile", () => {
  it("is made once, with addresses cleaned and the place blurred, and read again as it is", async () => {
    const more = { browsing_history: [page], location_data: place, last_updated: "yesterday" };
    const person = await made("profiles", more);
    expect(person.profile).toMatchObject({
      user_id: person.id,
      browsing_history: [{ url: "https://shop.example/tea?q=green", action: "view" }],
      location_data: { country: "AT", latitude: 48.2 },
      conversation_preferences: liking,
      facts: [],
      segments: ["country:AT", "language:en", "topic:tea"],
      version: 1,
    });
    expect(person.etag).toBe('"1"');
    const read = await person.GET(profilePath, { params: { path: person.path } });
    expect(read.data).toEqual(person.profile);
    expect(read.response.headers.get("etag")).toBe('"1"');
    const again = await person.POST("/api/v1/personalization/user-profile", { body: { user_id: "me" } });
    expect(again.response.status).toBe(409);
  });

  it("is replaced by PUT and changed by PATCH, of preferences field by field", async () => {
    const person = await made("profiles", { location_data: place });
    const params = { path: person.path };
    const patched = await person.PATCH(profilePath, {
      params,
      body: { conversation_preferences: { language: null, mug: "blue" } },
    });
    expect(patched.data).toMatchObject({ version: 2, location_data: { country: "AT" } });
    expect(patched.data?.conversation_preferences).toEqual({ topics: ["tea"], mug: "blue" });
    const put = await person.PUT(profilePath, {
      params,
      body: { conversation_preferences: { tone: "dry" } },
    });
    expect(put.data).toMatchObject({ version: 3, location_data: null });
    expect(put.data?.conversation_preferences).toEqual({ tone: "dry" });
  });

  it("is 404 before it is made, and not made by PUT or PATCH", async () => {
    const person = await personOf("profiles");
    const params = { path: person.path };
    expect((await person.GET(profilePath, { params })).response.status).toBe(404);
    expect((await person.PUT(profilePath, { params, body: {} })).response.status).toBe(404);
    expect((await person.PATCH(profilePath, { params, body: {} })).response.status).toBe(404);
  });

  it("that was read in another version is not changed and not erased: 412", async () => {
    const person = await made("profiles");
    const params = { path: person.path };
    await person.PATCH(profilePath, { params, body: { conversation_preferences: { tone: "dry" } } });
    const headers = { ...person.headers, "if-match": '"1"' };
    const path = `/api/v1/personalization/user-profile/${person.id}`;
    for (const method of ["PUT", "PATCH", "DELETE"]) {
      const answer = await send(method, path, method === "DELETE" ? undefined : {}, headers);
      expect([method, answer.status]).toEqual([method, 412]);
    }
    const now = { ...person.headers, "if-match": '"2"' };
    expect((await send("PUT", path, {}, now)).headers.get("etag")).toBe('"3"');
  });

  it("of somebody else is 403 to change, and to read for who is not of the staff; 400 where path and body differ", async () => {
    const person = await made("profiles");
    const other = await personOf("profiles");
    const params = { path: person.path };
    expect((await other.GET(profilePath, { params })).response.status).toBe(403);
    expect((await other.PATCH(profilePath, { params, body: {} })).response.status).toBe(403);
    expect((await other.DELETE(profilePath, { params })).response.status).toBe(403);
    const body = { user_id: other.id };
    expect((await person.PUT(profilePath, { params, body })).response.status).toBe(400);
    expect((await person.GET(profilePath, { params })).data?.version).toBe(1);
  });

  it("is read by staff of the tenant, who leave a trace, and not changed by them", async () => {
    const person = await made("profiles_staff");
    const staff = await createUser("profiles_staff", { role: "moderator" });
    const stranger = await createUser("profiles_elsewhere", { role: "admin" });
    const params = { path: person.path };
    const { GET, PATCH } = api(staff.token);
    expect((await GET(profilePath, { params })).data?.user_id).toBe(person.id);
    expect((await PATCH(profilePath, { params, body: {} })).response.status).toBe(403);
    expect((await api(stranger.token).GET(profilePath, { params })).response.status).toBe(404);
    expect(await auditedActions(person.id)).toContain("profile.opened");
  });

  it("tells the person that it has changed, and in which version", async () => {
    const person = await made("profiles_told");
    await person.DELETE(profilePath, { params: { path: person.path } });
    await vi.waitFor(async () => {
      const updated = await eventsOf("profiles_told", "profile.updated");
      expect(updated.map(({ data }) => data)).toEqual([{ user_id: person.id, version: 1 }]);
      expect(await eventsOf("profiles_told", "profile.erased")).toHaveLength(1);
    });
  });
});

describe("A part is kept under its purpose", () => {
  it.each([
    ["history", { browsing_history: [page] }],
    ["location", { location_data: place }],
  ])("%s", async (purpose, body) => {
    const person = await personOf("profiles_consents", []);
    const path = "/api/v1/personalization/user-profile";
    const refused = await person.POST(path, { body: { user_id: "me", ...body } });
    expect(refused.response.status).toBe(403);
    expect(refused.error).toMatchObject({ error: "CONSENT_REQUIRED", details: { purposes: [purpose] } });
    await person.PUT("/api/v1/user/consents", { body: { [purpose]: true } });
    expect((await person.POST(path, { body: { user_id: "me", ...body } })).response.status).toBe(201);
  });

  it("but for how one likes to be talked with", async () => {
    const person = await personOf("profiles_consents", []);
    const body = { user_id: "me", conversation_preferences: liking };
    const { data } = await person.POST("/api/v1/personalization/user-profile", { body });
    expect(data?.conversation_preferences).toEqual(liking);
  });
});

describe("Bounds of a profile", () => {
  it.each([
    { browsing_history: [{ action: "view", at: "2026-11-01T10:00:00Z" }] },
    { browsing_history: [{ ...page, url: "javascript:alert(1)" }] },
    { location_data: { ...place, country: "Austria" } },
    { location_data: { ...place, time_zone: "Vienna" } },
    { location_data: { ...place, street: "Graben 1" } },
    { location_data: { ...place, latitude: 91 } },
    { conversation_preferences: { verbosity: "loud" } },
    { conversation_preferences: { topics: Array.from({ length: 21 }, String) } },
    { conversation_preferences: { note: "x".repeat(4097) } },
    { shoe_size: 43 },
  ])("%j is refused", async (body) => {
    const person = await made("profiles_bounds");
    const path = `/api/v1/personalization/user-profile/${person.id}`;
    expect((await send("PATCH", path, body, person.headers)).status).toBe(400);
    expect((await send("PUT", path, body, person.headers)).status).toBe(400);
  });

  it("hold also where preferences grow by one field at a time", async () => {
    const person = await made("profiles_bounds");
    const params = { path: person.path };
    const field = (name: string) => ({ conversation_preferences: { [name]: "x".repeat(2000) } });
    expect((await person.PATCH(profilePath, { params, body: field("a") })).response.status).toBe(200);
    expect((await person.PATCH(profilePath, { params, body: field("b") })).response.status).toBe(200);
    expect((await person.PATCH(profilePath, { params, body: field("c") })).response.status).toBe(400);
  });
});

describe("Of many changes at once (invariant 11)", () => {
  it("all apply that are decided on no version, each on its own field", async () => {
    const person = await made("profiles_race");
    const names = Array.from({ length: 20 }, (_, number) => `field_${number}`);
    const answers = await Promise.all(
      names.map((name) =>
        person.PATCH(profilePath, {
          params: { path: person.path },
          body: { conversation_preferences: { [name]: true } },
        }),
      ),
    );
    expect(answers.map(({ response }) => response.status)).toEqual(names.map(() => 200));
    const { data } = await person.GET(profilePath, { params: { path: person.path } });
    expect(data?.conversation_preferences).toEqual({
      ...liking,
      ...Object.fromEntries(names.map((name) => [name, true])),
    });
    expect(data?.version).toBe(21);
  });

  it("one applies of those that are decided on the same version; the others are 412", async () => {
    const person = await made("profiles_race");
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        person.PATCH(profilePath, {
          params: { path: person.path },
          body: { conversation_preferences: { [`field_${number}`]: true }, version: 1 },
        }),
      ),
    );
    const statuses = answers.map(({ response }) => response.status).toSorted();
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
    const { data } = await person.GET(profilePath, { params: { path: person.path } });
    expect(Object.keys(data?.conversation_preferences ?? {})).toHaveLength(3);
  });
});

describe("A fact", () => {
  const path = "/api/v1/personalization/user-profile/{user_id}/facts/{fact_id}";
  const withFact = async () => {
    const person = await made("profiles_facts");
    const fact = { id: "f", text: "Likes tea", conversationId: "c", messageId: "m", confidence: 0.8 };
    await env.TENANT_PERSONALISATION.getByName("profiles_facts").learnFacts({
      personId: person.id,
      facts: [fact],
    });
    return { ...person, params: { path: { ...person.path, fact_id: "f" } } };
  };

  it("is corrected by the person, and is then their own word", async () => {
    const person = await withFact();
    const { data } = await person.PUT(path, { params: person.params, body: { text: "Likes coffee" } });
    expect(data?.facts).toMatchObject([
      { text: "Likes coffee", confidence: 1, source: { conversation_id: null, message_id: null } },
    ]);
  });

  it("is removed by the person, once", async () => {
    const person = await withFact();
    expect((await person.DELETE(path, { params: person.params })).response.status).toBe(204);
    expect((await person.DELETE(path, { params: person.params })).response.status).toBe(404);
    const { data } = await person.GET(profilePath, { params: { path: person.path } });
    expect(data?.facts).toEqual([]);
  });
});
