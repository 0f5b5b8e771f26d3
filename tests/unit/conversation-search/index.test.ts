import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import type { SearchCopy, SearchQuery } from "#src/objects/conversation-search-api.ts";

/** The index of a tenant of one's own. */
function newIndex() {
  const index = env.CONVERSATION_SEARCH.getByName(`search-${uuidv7()}`);
  let at = Date.now();
  return {
    index,
    tell: async (
      text: string,
      more: Partial<SearchCopy> & { conversationId?: string; ownerId?: string } = {},
    ) => {
      const { conversationId = "c", ownerId = "ada", ...copy } = more;
      const messageId = copy.messageId ?? uuidv7();
      at += 1;
      const made = { messageId, seq: 1, role: "user" as const, text, at, revision: 1, ...copy };
      await index.put({ conversationId, ownerId, copies: [made] });
      return messageId;
    },
    texts: async (q: string, more: Partial<SearchQuery> = {}) =>
      (await index.find({ q, ownerId: "ada", order: "newest", limit: 20, ...more })).map(
        ({ snippet }) => snippet,
      ),
  };
}

describe("What was said is found", () => {
  it("by all of its words, without case and accents, the last one as far as it was written, the newest first", async () => {
    const { tell, texts } = newIndex();
    await tell("Grüner Tee am Abend");
    await tell("GRUNER TEE am Morgen");
    await tell("Kaffee");
    expect(await texts("gruner tee")).toEqual(["GRUNER TEE am Morgen", "Grüner Tee am Abend"]);
    expect(await texts("grü te")).toEqual([]);
    expect(await texts("abend gru")).toEqual(["Grüner Tee am Abend"]);
    expect(await texts("tee", { limit: 1 })).toEqual(["GRUNER TEE am Morgen"]);
  });

  it("by any part, in scripts without spaces, also where that is short", async () => {
    const { tell, texts } = newIndex();
    await tell("我想知道绿茶的温度");
    await tell("お茶の葉とgreen tea");
    await tell("ชาเขียวร้อน");
    expect(await texts("绿茶的温度")).toEqual(["我想知道绿茶的温度"]);
    expect(await texts("绿茶")).toEqual(["我想知道绿茶的温度"]);
    expect(await texts("green 茶の葉")).toEqual(["お茶の葉とgreen tea"]);
    expect(await texts("เขียว")).toEqual(["ชาเขียวร้อน"]);
    expect(await texts("绿葉")).toEqual([]);
  });

  it("by relevance where that is asked for", async () => {
    const { tell, texts } = newIndex();
    await tell("tea tea tea");
    await tell(`tea ${"and many other things that are said ".repeat(3)}`);
    const [best] = await texts("tea", { order: "relevance" });
    expect(best).toBe("tea tea tea");
  });

  it("with where in its snippet it stands", async () => {
    const { tell, index } = newIndex();
    await tell(`${"word ".repeat(60)}Thé vert ${"word ".repeat(60)}`);
    const [hit] = await index.find({ q: "the ver", ownerId: "ada", order: "newest", limit: 1 });
    expect(hit?.snippet.length).toBeLessThan(300);
    expect(hit?.highlights.map(({ from, to }) => hit.snippet.substring(from, to))).toEqual(["Thé", "ver"]);
  });

  it.each([
    '"',
    "tea OR owner:*",
    "a* b(",
    "NEAR(tea",
    "{text}: tea",
    "-tea",
    "''); DROP TABLE messages",
    "  ",
    "…",
  ])("whatever is asked: %j breaks nothing", async (q) => {
    const { tell, index } = newIndex();
    await tell("CANARY", { ownerId: "grace" });
    expect(await index.find({ q, ownerId: "ada", order: "relevance", limit: 5 })).toEqual([]);
  });
});

describe("Nobody finds", () => {
  it("what others have said, by whatever words; staff finds what everybody has", async () => {
    const { tell, texts, index } = newIndex();
    await tell("CANARY tea", { ownerId: "grace", conversationId: "hers" });
    await tell("茶CANARY", { ownerId: "grace", conversationId: "hers" });
    for (const q of ["canary", "canary tea", "茶", "茶canary", "grace", "o6772616365"])
      expect(await texts(q)).toEqual([]);
    expect(await texts("canary", { ownerId: undefined })).toHaveLength(2);
    for (const q of ["canary", "茶can"])
      expect(await index.conversationsWith(q)).toEqual({ ids: ["hers"], isLowerBound: false });
    for (const q of ["…", "nothing"]) expect((await index.conversationsWith(q)).ids).toEqual([]);
  });

  it("what was corrected or emptied, also where an older copy comes late", async () => {
    const { tell, texts } = newIndex();
    const messageId = await tell("First tea");
    await tell("Second tea", { messageId, revision: 3 });
    await tell("First tea", { messageId, revision: 2 });
    expect(await texts("tea")).toEqual(["Second tea"]);
    await tell("", { messageId, revision: 4 });
    await tell("Second tea", { messageId, revision: 3 });
    expect(await texts("tea")).toEqual([]);
  });

  it("what was erased, a part at a time where there is much of it", async () => {
    const { index, texts } = newIndex();
    const copies = Array.from({ length: 200 }, (_, at) => ({
      messageId: uuidv7(),
      seq: at + 1,
      role: "user" as const,
      text: "CANARY of many",
      at: at + 1,
      revision: at + 1,
    }));
    await index.put({ conversationId: "long", ownerId: "ada", copies });
    expect(await index.erase("long")).toBe(false);
    expect(await index.erase("long")).toBe(true);
    expect(await texts("CANARY")).toEqual([]);
  });

  it("what was erased, also where a copy comes late", async () => {
    const { tell, texts, index } = newIndex();
    await tell("CANARY 茶の葉", { conversationId: "erased" });
    await index.erase("erased");
    await tell("CANARY again", { conversationId: "erased", revision: 9 });
    expect([await texts("canary"), await texts("茶の葉")]).toEqual([[], []]);
  });
});

it("Messages of one moment are all kept", async () => {
  const { tell, texts } = newIndex();
  for (const name of ["one", "two", "three"]) await tell(`tea ${name}`, { at: 1_700_000_000_000 });
  expect(await texts("tea")).toEqual(["tea three", "tea two", "tea one"]);
});
