import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { api, send } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const root = "/api/v1/personalization";
const at = new Date().toISOString();
const items = ["one", "two", "three"].map((id) => ({ id, title: `Item ${id}`, tags: [id] }));

async function tenantWith(clientId: string, known: readonly object[] = items) {
  const admin = await createUser(clientId, { role: "admin" });
  if (known.length > 0)
    await bodyOf(await send("PUT", `${root}/items`, { items: known }, admin.headers), 200);
  return admin;
}

const agree = ({ headers }: TestUser) =>
  send("PUT", "/api/v1/user/consents", { personalisation: true, history: true }, headers);
const like = (item_id: string, more: object = {}) => ({
  id: `like-${item_id}`,
  item_id,
  type: "like",
  at,
  ...more,
});
const tell = async ({ headers }: TestUser, interactions: readonly object[]) =>
  bodyOf<{ accepted: number; duplicates: number; errors: { index: number }[] }>(
    await send("POST", `${root}/interactions`, { interactions }, headers),
    202,
  );
interface Listed {
  recommendations: { item_id: string; reasons: { type: string; item_id?: string }[] }[];
  algorithm: string;
  request_id: string;
}
const asked = async ({ headers }: TestUser, body: object = {}) =>
  bodyOf<Listed>(await send("POST", `${root}/recommendations`, body, headers), 200);
const idsOf = ({ recommendations }: Listed) => recommendations.map(({ item_id }) => item_id);

describe("Recommendations", () => {
  it("follow what one has done, once one has agreed, and never show it again", async () => {
    await tenantWith("recs_follow");
    const users = await Promise.all(["a", "b", "c", "d"].map(() => createUser("recs_follow")));
    for (const user of users) await agree(user);
    for (const user of users.slice(0, 3))
      expect((await tell(user, [like("one"), like("two")])).accepted).toBe(2);
    const [last] = users.slice(3);
    if (!last) throw new Error("Nobody");
    await tell(last, [like("one")]);
    const list = await asked(last);
    expect(list.algorithm).toBe("personal");
    expect(idsOf(list)[0]).toBe("two");
    expect(list.recommendations[0]?.reasons).toContainEqual({ type: "because_you_liked", item_id: "one" });
    expect(idsOf(list)).not.toContain("one");
  });

  it("are what is popular for whoever has not agreed, though what they do counts for nobody", async () => {
    await tenantWith("recs_popular");
    const user = await createUser("recs_popular");
    await tell(user, [like("three")]);
    const list = await asked(user);
    expect(list.algorithm).toBe("popular");
    expect(idsOf(list)[0]).toBe("three");
  });

  it("are none of an empty catalogue", async () => {
    expect(await asked(await tenantWith("recs_empty", []))).toMatchObject({
      recommendations: [],
      algorithm: "popular",
    });
  });

  it("keep to what is asked for: how many, of which tags, without which, in which words", async () => {
    const admin = await tenantWith("recs_asked");
    expect(idsOf(await asked(admin, { limit: 1 }))).toHaveLength(1);
    expect(idsOf(await asked(admin, { tags: ["two"] }))).toEqual(["two"]);
    expect(idsOf(await asked(admin, { exclude: ["one", "unknown"] })).toSorted()).toEqual(["three", "two"]);
    expect((await asked(admin, { context: { query: "three", page: "/start" } })).algorithm).toBe("personal");
    for (const body of [{ limit: 0 }, { limit: 51 }, { colour: "green" }])
      expect((await send("POST", `${root}/recommendations`, body, admin.headers)).status).toBe(400);
  });

  it("are one's own: only an administrator asks for somebody else", async () => {
    const admin = await tenantWith("recs_own");
    const user = await createUser("recs_own");
    await agree(user);
    const { userId } = user.actor;
    await tell(admin, [like("one", { user_id: userId })]);
    expect(idsOf(await asked(user))).not.toContain("one");
    expect(idsOf(await asked(admin, { user_id: userId }))).not.toContain("one");
    for (const [path, body] of [
      ["recommendations", { user_id: admin.actor.userId }],
      ["interactions", { interactions: [like("one", { user_id: admin.actor.userId })] }],
    ] as const)
      expect((await send("POST", `${root}/${path}`, body, user.headers)).status).toBe(403);
  });

  it("below `/user/personalization` are an administrator's own, and nobody else's", async () => {
    const admin = await tenantWith("recs_oneself");
    const other = await createUser("recs_oneself");
    await agree(admin);
    const own = (path: string, body: object) =>
      send("POST", `/api/v1/user/personalization/${path}`, body, admin.headers);
    const told = await own("interactions", { interactions: [like("one")] });
    expect(await bodyOf(told, 202)).toMatchObject({ accepted: 1 });
    for (const body of [{}, { user_id: "me" }, { user_id: admin.actor.userId }])
      expect(idsOf(await bodyOf<Listed>(await own("recommendations", body), 200))).not.toContain("one");
    // Elsewhere an administrator who names nobody asks for nobody in particular, and may say `me`.
    expect(idsOf(await asked(admin))).toContain("one");
    expect(idsOf(await asked(admin, { user_id: "me" }))).not.toContain("one");
    const theirs = { user_id: other.actor.userId };
    expect((await own("recommendations", theirs)).status).toBe(400);
    expect((await own("interactions", { interactions: [like("two", theirs)] })).status).toBe(400);
    expect((await own("interactions", { interactions: "none" })).status).toBe(400);
  });

  it("are like one item for everybody, and there is nothing like what there is not", async () => {
    const admin = await tenantWith("recs_similar", [
      { id: "a", title: "Green tea", tags: ["tea"] },
      { id: "b", title: "Black tea", tags: ["tea"] },
      { id: "c", title: "A chair", tags: ["seat"] },
    ]);
    const { GET } = api(admin.token);
    const like = (item_id: string) =>
      GET("/api/v1/personalization/similar/{item_id}", {
        params: { path: { item_id }, query: { limit: 1 } },
      });
    const { data } = await like("a");
    expect(data).toMatchObject({ algorithm: "similar", recommendations: [{ item_id: "b" }] });
    expect((await like("z")).response.status).toBe(404);
  });

  it("are what is popular for whoever is held out to compare with, and tell how much of the catalogue is shown", async () => {
    const clientId = "recs_held_out";
    const admin = await tenantWith(clientId);
    const operator = await createUser("operator", { role: "admin" });
    const settings = { holdout_percent: 100 };
    const changed = await send("PUT", `/api/v1/admin/clients/${clientId}`, { settings }, operator.headers);
    await bodyOf(changed, 200);
    const user = await createUser(clientId);
    await agree(user);
    const list = await asked(user, { context: { query: "three" }, limit: 1 });
    expect(list.algorithm).toBe("popular");
    await vi.waitFor(async () => {
      const { data } = await api(admin.token).GET("/api/v1/admin/analytics/recommendations");
      expect(data).toMatchObject({ impressions: 1, coverage: 1 / 3, share_of_popular: 1 });
    });
    await send(
      "PUT",
      `/api/v1/admin/clients/${clientId}`,
      { settings: { holdout_percent: 0 } },
      operator.headers,
    );
    expect((await asked(user, { context: { query: "three" } })).algorithm).toBe("personal");
    const wrong = await send(
      "PUT",
      `/api/v1/admin/clients/${clientId}`,
      { settings: { holdout_percent: 101 } },
      operator.headers,
    );
    expect(wrong.status).toBe(400);
  });

  it("are counted with the clicks that come of them", async () => {
    const admin = await tenantWith("recs_counted");
    const { request_id } = await asked(admin);
    const object = env.TENANT_PERSONALISATION.getByName("recs_counted");
    const days = { from: 0, to: 100_000 };
    await vi.waitFor(async () =>
      expect(await object.listQuality(days)).toMatchObject([{ lists: 1, impressions: 3 }]),
    );
    await tell(admin, [like("one", { type: "click", request_id })]);
    expect(await object.listQuality(days)).toMatchObject([{ algorithm: "popular", clicks: 1 }]);
    const figures = { impressions: 3, clicks: 1, rate: 1 / 3 };
    const { data } = await api(admin.token).GET("/api/v1/admin/analytics/recommendations");
    expect(data).toMatchObject({
      ...figures,
      by_algorithm: [{ name: "popular", ...figures }],
      share_of_popular: 1,
    });
    const other = await createUser("recs_counted_away", { role: "admin" });
    const nothing = await api(other.token).GET("/api/v1/admin/analytics/recommendations");
    expect(nothing.data).toMatchObject({ impressions: 0, clicks: 0, rate: 0, by_algorithm: [] });
  });
});

describe("What persons do", () => {
  it("counts once, and what is wrong is told without holding up the rest", async () => {
    const admin = await tenantWith("recs_told");
    const given = [
      like("one"),
      like("one"),
      { id: "x", item_id: "one", type: "smile", at },
      { id: "y", item_id: "one", type: "rate", at },
      like("two", { at: "2001-01-01T00:00:00Z" }),
      like("unknown"),
    ];
    const told = await tell(admin, given);
    expect(told).toMatchObject({ accepted: 2, duplicates: 1 });
    expect(told.errors.map(({ index }) => index)).toEqual([2, 3, 4]);
  });

  it("is gone with the consent", async () => {
    await tenantWith("recs_gone");
    const user = await createUser("recs_gone");
    await agree(user);
    await tell(user, [like("one")]);
    expect(idsOf(await asked(user))).not.toContain("one");
    await send("PUT", "/api/v1/user/consents", { history: false }, user.headers);
    expect(idsOf(await asked(user))).toContain("one");
  });
});
