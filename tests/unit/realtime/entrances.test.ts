import { expect, it } from "vitest";
import { Entrances } from "#durable-objects/tenant-hub/entrances.ts";

/** Questions that are answered by hand. */
function questions() {
  const open: ((answer: string) => void)[] = [];
  const question = () => new Promise<string>((resolve) => open.push(resolve));
  const answerAll = (answer: string) => {
    for (const resolve of open.splice(0)) resolve(answer);
  };
  return { question, answerAll, open };
}

it("Whoever comes into a room that ends meanwhile is asked for again; whoever comes into another is not", async () => {
  const entrances = new Entrances();
  const { question, answerAll, open } = questions();
  const both = [entrances.ask("project:1", question), entrances.ask("project:1", question)];
  const other = entrances.ask("project:2", question);
  entrances.ended("project:1");
  answerAll("before");
  expect(await other).toBe("before");
  expect(open).toHaveLength(2);
  answerAll("after");
  expect(await Promise.all(both)).toEqual(["after", "after"]);
  expect(open).toHaveLength(0);
});

it("An end that came before, or to a question that has failed, means nothing", async () => {
  const entrances = new Entrances();
  entrances.ended("project:1");
  expect(await entrances.ask("project:1", async () => "yes")).toBe("yes");
  await expect(entrances.ask("project:1", () => Promise.reject(new Error("broken")))).rejects.toThrow(
    "broken",
  );
  entrances.ended("project:1");
  expect(await entrances.ask("project:1", async () => "yes")).toBe("yes");
});
