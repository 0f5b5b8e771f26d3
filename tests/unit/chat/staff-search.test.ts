import { expect, it } from "vitest";
import { call } from "../../support/api.ts";
import { begin, said, tellLists, withPersona } from "../../support/chats.ts";
import { bodyOf } from "../../support/personas.ts";
import { plansOf } from "../../support/query-plans.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const clientId = "staff_search";
const root = "/api/v1/admin/conversations";

const asked = (staff: TestUser, query: string) => call(`${root}?${query}`, { headers: staff.headers });

const found = async (staff: TestUser, query: string) => {
  const list = await bodyOf<{
    conversations: { id: string }[];
    total_count: number;
    total_is_lower_bound: boolean;
  }>(await asked(staff, query), 200);
  return { ...list, ids: list.conversations.map(({ id }) => id) };
};

/** A conversation in which something was said, as lists and search know it. */
async function saying(content: string, tenant = clientId) {
  const { user, instance } = await withPersona(tenant);
  const { id } = (await begin(user, instance.id)).conversation;
  await said(user, id, content, { reply: false });
  await tellLists(tenant, id);
  return { user, id };
}

it("Staff finds whose conversations hold all the words, and by the other filters fewer of them", async () => {
  const staff = await createUser(clientId, { role: "moderator" });
  const first = await saying("Is there CANARY tea? Green.");
  const second = await saying("A canary drinks green milk");
  await saying("Only green");
  await expect.poll(async () => (await found(staff, "q=green+canar")).ids).toEqual([second.id, first.id]);
  expect(await found(staff, `q=canary&user_id=${first.user.actor.userId}`)).toMatchObject({
    ...{ ids: [first.id], total_count: 1, total_is_lower_bound: false },
  });
  expect((await found(staff, "q=canary&holder=queue")).ids).toEqual([]);
  expect((await found(staff, "q=canary&limit=1&page=2")).ids).toEqual([first.id]);
  expect((await found(staff, "q=%2e%2e%2e%22")).ids).toEqual([]);
});

it("What is another tenant's is found by nobody else, and what is not for staff to see not at all", async () => {
  const hers = await saying("ZEBRA", "staff_search_others");
  const near = await createUser("staff_search_others", { permissions: ["conversations.handle"] });
  await expect.poll(async () => (await found(near, "q=zebra")).ids).toEqual([hers.id]);
  const away = await createUser(clientId, { role: "admin" });
  expect((await found(away, "q=zebra")).ids).toEqual([]);
  expect((await asked(away, "q=zebra&client_id=staff_search_others")).status).toBe(403);
  expect((await asked(hers.user, "q=zebra")).status).toBe(403);
  const operator = await createUser("operator", { role: "admin" });
  expect((await found(operator, "q=zebra")).ids).toEqual([]);
  expect((await found(operator, "q=zebra&client_id=staff_search_others")).ids).toEqual([hers.id]);
});

it.each(["q=", "q=a", `q=${"a".repeat(201)}`, "sort=title", "q=tea&q=milk"])(
  "%j is refused",
  async (query) => {
    const staff = await createUser(clientId, { role: "moderator" });
    expect((await asked(staff, query)).status).toBe(400);
  },
);

it("Among what was found each conversation is looked up by itself, however many the tenant has", async () => {
  const staff = await createUser(clientId, { role: "moderator" });
  for (const query of ["q=tea", "q=tea&sort=started_at"]) {
    const lines = (await plansOf(`${root}?${query}`, staff.headers)).flatMap(({ plan }) => plan);
    expect(lines.join("\n")).toContain(
      "SEARCH conversations USING INDEX sqlite_autoindex_conversations_1 (id=?)",
    );
    expect(lines.filter((line) => line.includes("conversations_of_client"))).toEqual([]);
  }
  const ordered = (await plansOf(`${root}?sort=started_at`, staff.headers)).flatMap(({ plan }) => plan);
  expect(ordered.join("\n")).toContain("USING INDEX conversations_started (client_id=?");
});
