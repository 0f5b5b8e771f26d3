import { expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { newConversation, send, unhurried } from "../../support/conversations.ts";

it("A page of long messages has fewer of them, says that there are more, and none is left out", async () => {
  unhurried();
  const conversation = await newConversation();
  // The longest that a person may write: 200 of them are more than one call passes.
  const long = "tea ".repeat(8192);
  const count = 150;
  for (let number = 0; number < count; number++) await send(conversation, long, { wantsReply: false });
  const pages: number[][] = [];
  for (let hasMore = true; hasMore; ) {
    const after = pages.at(-1)?.at(-1) ?? 0;
    const page = valueOrThrow(await conversation.listMessages({ after, limit: 200, branch: "active" }));
    pages.push(page.messages.map(({ seq }) => seq));
    hasMore = page.hasMore;
  }
  expect(pages).toHaveLength(2);
  expect(pages.flat()).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  const newest = valueOrThrow(await conversation.listMessages({ limit: 200, branch: "active" }));
  expect(newest).toMatchObject({ hasMore: true });
  expect(newest.messages.at(-1)?.seq).toBe(count);
});
