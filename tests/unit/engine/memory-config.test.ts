import { expect, it } from "vitest";
import { memoryConfigOf } from "#src/engine/memory-config.ts";

it("A config's memory settings are read once, however many steps and tasks ask for them", () => {
  let reads = 0;
  const config = {
    get memory_config() {
      reads++;
      return { enabled: true, max_memories: 7 };
    },
  };
  for (let task = 0; task < 3; task++)
    expect(memoryConfigOf(config)).toMatchObject({ enabled: true, max_memories: 7, retrieval_count: 5 });
  expect(reads).toBe(1);
});

it("Unusable memory settings count as none", () => {
  expect(memoryConfigOf({ memory_config: { enabled: "yes" } }).enabled).toBe(false);
  expect(memoryConfigOf({}).enabled).toBe(false);
});
