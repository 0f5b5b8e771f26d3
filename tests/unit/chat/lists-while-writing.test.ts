import { describe, expect, it } from "vitest";
import { call } from "../../support/api.ts";
import { begin, said, tellLists, withPersona } from "../../support/chats.ts";
import { unhurried } from "../../support/conversations.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";

interface Page {
  conversations: { id: string }[];
  next_cursor: string | null;
}

/** A person with many conversations, who goes on writing and beginning some between the pages that are read. */
async function busy(clientId: string) {
  unhurried();
  const { user, instance } = await withPersona(clientId);
  const staff = await createUser(clientId, { role: "moderator" });
  const begun = async () => {
    const { id } = (await begin(user, instance.id)).conversation;
    await tellLists(clientId, id);
    return id;
  };
  const before: string[] = [];
  for (let number = 0; number < 25; number++) before.push(await begun());
  let pages = 0;
  /** Something new; and what stands last, and in the middle of what is still to be read, moves to the top. */
  const write = async (shown: readonly string[]) => {
    await begun();
    const unread = before.filter((id) => !shown.includes(id));
    for (const id of new Set(
      [present(before[pages]), unread[0], unread[unread.length >> 1]].flatMap((one) => one ?? []),
    )) {
      await said(user, id, `Once more, ${pages}`, { reply: false });
      await tellLists(clientId, id);
    }
    pages += 1;
  };
  return { before, write, headers: { own: user.headers, staff: staff.headers }, pagesRead: () => pages };
}

const lists = { own: "/api/v1/conversations", staff: "/api/v1/admin/conversations" } as const;

const page = async (path: string, headers: Record<string, string>): Promise<Page> =>
  bodyOf(await call(path, { headers }), 200);

describe.each(["own", "staff"] as const)("The %s list, read by cursor while others write,", (whose) => {
  const read = async (sort: string) => {
    const world = await busy(`lists_${whose}_${sort}`);
    const headers = world.headers[whose];
    const shown: string[] = [];
    const path = `${lists[whose]}?limit=20&sort=${sort}`;
    let cursor: string | null = "";
    while (cursor !== null) {
      const next: Page = await page(cursor === "" ? path : `${path}&cursor=${cursor}`, headers);
      shown.push(...next.conversations.map(({ id }) => id));
      cursor = next.next_cursor;
      await world.write(shown);
    }
    const top = (await page(path, headers)).conversations.map(({ id }) => id);
    return { ...world, shown, top };
  };

  it("shows each that was there exactly once, in the order in which they began", async () => {
    const { before, shown, pagesRead } = await read("started_at");
    expect(pagesRead()).toBeGreaterThan(1);
    expect(shown).toEqual(before.toReversed());
  });

  it("shows none twice where the order is that of what moved, and has at its top what has moved meanwhile", async () => {
    const { before, shown, top } = await read("last_message_at");
    expect(new Set(shown).size).toBe(shown.length);
    expect(before.filter((id) => !shown.includes(id) && !top.includes(id))).toEqual([]);
    expect(before.filter((id) => !shown.includes(id))).not.toEqual([]);
  });
});
