import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { bodyOf } from "#tests/support/personas.ts";
import { createUser } from "#tests/support/users.ts";
import { ask, operator, registered } from "../accounts.ts";
import { bodyOfNothing } from "./users.ts";

interface List {
  users: { id: string; email: string; role: string; is_active: boolean }[];
  total_count: number;
  page: number;
  page_size: number;
  total_pages: number;
}

const listed = async (query: string) => bodyOf<List>(await ask(await operator(), "GET", `?${query}`), 200);

const idsOf = ({ users }: List) => users.map(({ id }) => id);

describe("GET /admin/users", () => {
  it("pages through accounts, the newest first, with totals", async () => {
    const made: string[] = [];
    for (let count = 0; count < 3; count++) made.unshift((await createUser("list_pages")).actor.userId);
    const first = await listed("client_id=list_pages&page_size=2");
    expect(first).toMatchObject({ total_count: 3, page: 1, page_size: 2, total_pages: 2 });
    const second = await listed("client_id=list_pages&page_size=2&page=2");
    expect([...idsOf(first), ...idsOf(second)]).toEqual(made);
    expect(await listed("client_id=list_pages&page_size=2&page=3")).toMatchObject({
      users: [],
      total_count: 3,
    });
  });

  it("finds a part of an address in whatever letters, and takes % and _ as they are", async () => {
    const called = async (email: string) => {
      const { userId } = (await createUser("list_email")).actor;
      await env.DB.prepare("UPDATE users SET email = ? WHERE id = ?").bind(email, userId).run();
      return userId;
    };
    const odd = await called("odd_100%@list.example");
    const plain = await called("oddx1000@list.example");
    expect(idsOf(await listed("client_id=list_email&email=ODD"))).toEqual([plain, odd]);
    expect(idsOf(await listed("client_id=list_email&email=d_1"))).toEqual([odd]);
    expect(idsOf(await listed("client_id=list_email&email=100%25"))).toEqual([odd]);
    for (const [part, found] of [
      ["0%25", [odd]],
      ["_1", [odd]],
      ["%25", [odd]],
      ["dx1", [plain]],
      ["d_x", []],
    ] as const) {
      expect(idsOf(await listed(`client_id=list_email&email=${part}`)), part).toEqual(found);
    }
    for (const part of ['"odd"', "odd*", "odd OR", "NOT odd", "email:odd", "^odd", "'"]) {
      const found = await listed(`client_id=list_email&email=${encodeURIComponent(part)}`);
      expect(found.total_count, part).toBe(0);
    }
    expect((await ask(await operator(), "GET", "?email=odd%00")).status).toBe(400);
  });

  it("finds an address that has changed under the new one only", async () => {
    const { userId } = (await createUser("list_changed")).actor;
    const change = (email: string) =>
      env.DB.prepare("UPDATE users SET email = ? WHERE id = ?").bind(email, userId).run();
    await change('quoted"former@list.example');
    await change("latter@list.example");
    const found = async (part: string) => idsOf(await listed(`client_id=list_changed&email=${part}`));
    expect(await found("former")).toEqual([]);
    expect(await found("latter")).toEqual([userId]);
    const { results } = await env.DB.prepare("SELECT email FROM user_search WHERE user_id = ?")
      .bind(userId)
      .all();
    expect(results).toEqual([{ email: "latter@list.example" }]);
  });

  it("filters by role, tier and activity", async () => {
    const moderator = await createUser("list_filters", { role: "moderator", tier: "basic" });
    const user = await createUser("list_filters", { tier: "premium" });
    await env.DB.prepare("UPDATE users SET is_active = 0 WHERE id = ?").bind(user.actor.userId).run();
    const only = async (filter: string) => idsOf(await listed(`client_id=list_filters&${filter}`));
    expect(await only("role=moderator")).toEqual([moderator.actor.userId]);
    expect(await only("tier=premium")).toEqual([user.actor.userId]);
    expect(await only("is_active=false")).toEqual([user.actor.userId]);
    expect(await only("is_active=true&tier=premium")).toEqual([]);
  });

  it("sorts by address either way", async () => {
    const zoe = await registered("list_sorted", "zoe");
    const ada = await registered("list_sorted", "ada");
    const by = async (order: string) =>
      idsOf(await listed(`client_id=list_sorted&sort_by=email&sort_order=${order}`));
    expect(await by("asc")).toEqual([ada.id, zoe.id]);
    expect(await by("desc")).toEqual([zoe.id, ada.id]);
  });

  it("shows no password hash and no deleted account", async () => {
    const { id } = await registered("list_clean");
    await registered("list_clean");
    await bodyOfNothing(await ask(await operator(), "DELETE", `/${id}`));
    const answer = await ask(await operator(), "GET", "?client_id=list_clean");
    const text = await answer.text();
    expect(text).not.toContain("argon2");
    expect(text).not.toContain("hash");
    expect(JSON.parse(text)).toMatchObject({ total_count: 1 });
    expect(text).not.toContain(id);
  });

  it.each([
    "page=0",
    "page_size=101",
    "page_size=0",
    "role=king",
    "tier=gold",
    "is_active=1",
    "sort_by=company",
  ])("refuses %s", async (query) => {
    expect((await ask(await operator(), "GET", `?${query}`)).status).toBe(400);
  });
});
