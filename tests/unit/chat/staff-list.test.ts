import { expect, it } from "vitest";
import { call, send as sendTo } from "../../support/api.ts";
import { begin, tellLists, withPersona } from "../../support/chats.ts";
import { conversationAt, unhurried } from "../../support/conversations.ts";
import { bodyOf } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const root = "/api/v1/admin/conversations";

interface Listed {
  conversations: { id: string; unread: number }[];
  total_count: number;
  total_pages: number;
  page: number | null;
  limit: number;
  next_cursor: string | null;
}

const listed = async (staff: TestUser, query: string): Promise<Listed> =>
  bodyOf(await call(`${root}${query}`, { headers: staff.headers }), 200);
const idsOf = ({ conversations }: Listed) => conversations.map(({ id }) => id);

async function withThree(clientId: string) {
  const { user, instance } = await withPersona(clientId);
  const staff = await createUser(clientId, { role: "moderator" });
  const ids: string[] = [];
  for (let time = 0; time < 3; time++) {
    const { conversation } = await begin(user, instance.id);
    await tellLists(clientId, conversation.id);
    ids.unshift(conversation.id);
  }
  return { user, staff, ids };
}

it("A tenant's conversations are read page by page, or by cursor, and not by both", async () => {
  const { staff, ids } = await withThree("staff_pages");
  const first = await listed(staff, "?limit=2");
  expect(first).toMatchObject({ total_count: 3, total_pages: 2, page: 1, limit: 2 });
  const second = await listed(staff, "?limit=2&page=2");
  expect([idsOf(first), idsOf(second), second.next_cursor]).toEqual([ids.slice(0, 2), ids.slice(2), null]);
  const rest = await listed(staff, `?limit=2&cursor=${first.next_cursor}`);
  expect([idsOf(rest), rest.page]).toEqual([ids.slice(2), null]);
  const { headers } = staff;
  expect((await call(`${root}?page=1&cursor=${first.next_cursor}`, { headers })).status).toBe(400);
});

it("Pages end where the counting does: beyond 10 000 conversations there is the cursor", async () => {
  const { headers } = await createUser("staff_pages", { role: "moderator" });
  expect((await call(`${root}?limit=100&page=100`, { headers })).status).toBe(200);
  expect((await call(`${root}?limit=100&page=101`, { headers })).status).toBe(400);
});

it("What the older service's names ask for is what ours do", async () => {
  const { user, staff, ids } = await withThree("staff_spellings");
  const { userId } = user.actor;
  const [first = ""] = ids;
  expect(idsOf(await listed(staff, `?userId=${userId}&startDate=2020-01-01T00:00:00Z`))).toEqual(ids);
  expect(idsOf(await listed(staff, "?endDate=2020-01-01T00:00:00Z"))).toEqual([]);
  const assign = `${root}/${first}/assign`;
  await bodyOf(await sendTo("POST", assign, { adminId: staff.actor.userId }, staff.headers), 200);
  expect((await sendTo("POST", assign, {}, staff.headers)).status).toBe(400);
  await tellLists("staff_spellings", first);
  expect(idsOf(await listed(staff, `?adminId=${staff.actor.userId}`))).toEqual([first]);
});

it("Conversations with something unread are found", async () => {
  const { user, staff, ids } = await withThree("staff_unread");
  const [first = "", ...others] = ids;
  const path = `${root}/${first}`;
  await bodyOf(await sendTo("POST", `${path}/take`, {}, staff.headers), 200);
  const answer = { client_message_id: "a-1", content: "I am here" };
  await bodyOf(await sendTo("POST", `${path}/messages`, answer, staff.headers), 201);
  await tellLists("staff_unread", first);
  expect(idsOf(await listed(staff, "?unread=true"))).toEqual([first]);
  expect(idsOf(await listed(staff, `?unread=false&userId=${user.actor.userId}`))).toEqual(others);
});

it("A conversation is read back to its beginning, with those who take part in it", async () => {
  unhurried();
  const clientId = "staff_reading";
  const staff = await createUser(clientId, { role: "moderator" });
  const { user, instance } = await withPersona(clientId);
  const { conversation } = await begin(user, instance.id);
  const object = conversationAt({ clientId, id: conversation.id });
  for (let number = 0; number < 120; number++) {
    const sender = { id: user.actor.userId, as: "owner" } as const;
    await object.send({ sender, clientMessageId: `${number}`, content: `${number}`, wantsReply: false });
  }
  await bodyOf(await sendTo("POST", `${root}/${conversation.id}/take`, {}, staff.headers), 200);
  const seqs: number[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: string = cursor && `?cursor=${cursor}`;
    const page: { messages: { seq: number }[]; next_cursor: string | null; participants: object[] } =
      await bodyOf(await call(`${root}/${conversation.id}${query}`, { headers: staff.headers }), 200);
    seqs.unshift(...page.messages.map(({ seq }) => seq));
    expect(page.participants).toMatchObject([
      { person_id: user.actor.userId, kind: "user" },
      { person_id: staff.actor.userId, kind: "agent" },
    ]);
    cursor = page.next_cursor;
  }
  expect(seqs).toEqual(Array.from({ length: 121 }, (_, index) => index + 1));
});
