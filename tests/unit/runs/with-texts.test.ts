import { expect, it } from "vitest";
import { TextWatch, withTexts } from "#src/runs/text-watch.ts";

it("A stream has its run's events alone where no socket is to be had, and does not wait for one", async () => {
  const texts = new TextWatch(async () => null);
  async function* events() {
    await texts.settle();
    yield "first";
    await texts.settle();
    yield "second";
  }
  const told: unknown[] = [];
  for await (const frame of withTexts(events(), texts)) told.push(frame);
  expect(told).toEqual(["first", "second"]);
});
