import { describe, expect, it } from "vitest";
import { send } from "../../support/api.ts";
import { begin } from "../../support/chats.ts";
import { isEvent, open, staffRoot } from "../../support/conversation-sockets.ts";
import { unhurried } from "../../support/conversations.ts";
import { makeInstance } from "../../support/personas.ts";
import { createUserWithSession } from "../../support/users.ts";

const clientId = "chat_slow";

describe("Whoever does not read", () => {
  it("is sent a megabyte, delays none of the 49 others, and is closed with 1013; they resume where they were", async () => {
    unhurried();
    const user = await createUserWithSession(clientId);
    const instance = await makeInstance(user, { model: "claude-haiku-5-5" });
    const { conversation } = await begin(user, instance.id);
    const path = `/api/v1/conversations/${conversation.id}/messages`;
    const staff = await createUserWithSession(clientId, { role: "moderator" });
    const helper = await createUserWithSession(clientId, { role: "moderator" });
    // With the one that does not read they are fifty; a person has twenty places.
    const others = await Promise.all([
      ...Array.from({ length: 19 }, () => open(user, conversation.id)),
      ...Array.from({ length: 15 }, () => open(staff, conversation.id, { root: staffRoot })),
      ...Array.from({ length: 15 }, () => open(helper, conversation.id, { root: staffRoot })),
    ]);
    const slow = await open(user, conversation.id, { answers: false });
    const count = 40;
    for (let number = 0; number < count; number++)
      await send(
        "POST",
        path,
        { client_message_id: `m-${number}`, content: "x".repeat(32_000), reply: false },
        user.headers,
      );
    await Promise.all(others.map((reading) => reading.next(({ seq }) => seq === count + 1)));
    expect(slow.received()).toBeLessThan(1_100_000);
    expect((await slow.closed).code).toBe(1013);
    const last = Math.max(...slow.frames.flatMap(({ seq }) => seq ?? []));
    const again = await open(user, conversation.id, { query: `?since=${last}` });
    await again.next(({ seq }) => seq === count + 1);
    const known = [...slow.frames, ...again.frames].filter(isEvent("message.created"));
    expect(known.map(({ seq }) => seq)).toEqual(Array.from({ length: count }, (_, number) => number + 2));
  });
});
