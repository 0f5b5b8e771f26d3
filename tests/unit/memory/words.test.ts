import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { novelty } from "#src/memory/words.ts";
import { tenantObject } from "../../support/objects.ts";

const memory = tenantObject("memory_words", 0);
const search = async (text: string, of = "polyglot") =>
  (await memory.searchMemories({ instanceId: of, text, limit: 3, types: [] })).map(({ content }) => content);

const memories = [
  "日本語のメモ 東京タワー",
  "我喜欢喝绿茶和乌龙茶",
  "서울에서 친구를 만났다",
  "ฉันชอบดื่มชาเขียว",
  "We write C++ and a little Rust",
  "The backend is in C#",
  "Meine iPhone用ケース kam an",
  "Green tea at noon",
];

describe("A memory in whatever script is found by its words", () => {
  it.each([
    ["東京", 0],
    ["タワー", 0],
    ["昨日は東京タワーに行った", 0],
    ["绿茶", 1],
    ["乌龙茶好喝吗", 1],
    ["茶", 1],
    ["서울", 2],
    ["친구", 2],
    ["ชาเขียว", 3],
    ["c++", 4],
    ["Which C# version?", 5],
    ["iphone", 6],
    ["tea", 7],
  ])("%s", async (text, index) => {
    if ((await memory.listMemories("polyglot", { limit: 1 })).length === 0)
      for (const content of memories)
        await memory.putMemory("polyglot", { content, type: "note", metadata: {} }, 100);
    expect((await search(text))[0]).toBe(memories[index]);
  });

  it("also after it was changed", async () => {
    const { id } = await memory.putMemory("changed", { content: "green", type: "note", metadata: {} }, 9);
    await memory.changeMemory("changed", id, { content: "京都の抹茶" });
    expect(await search("抹茶", "changed")).toEqual(["京都の抹茶"]);
  });

  it("and one that was kept before its pieces were, by what it was found by then", async () => {
    const { id } = await memory.putMemory("older", { content: "抹茶ラテ", type: "note", metadata: {} }, 9);
    await runInDurableObject(env.TENANT_WORKFLOWS.getByName("memory_words"), (_, { storage }) =>
      storage.sql.exec("UPDATE memories_text SET content = '抹茶ラテ' WHERE rowid = ?", id),
    );
    expect(await search("抹茶ラテ", "older")).toEqual(["抹茶ラテ"]);
  });

  it("and its share of new words is told", () => {
    expect(novelty("東京タワー", "東京タワーの写真")).toBeLessThan(0.5);
    expect(novelty("大阪城", "東京タワー")).toBe(1);
  });
});
