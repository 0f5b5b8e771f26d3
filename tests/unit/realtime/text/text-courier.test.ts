import { expect, it, vi } from "vitest";
import type { PublishedText, TextAnswer, TextsApi } from "#src/objects/texts-api.ts";
import { createLogger } from "#src/observability/logger.ts";
import { openTexts, TextCourier } from "#src/realtime/index.ts";

const subject = {
  runId: "run",
  taskId: "run.write.main",
  step: "write",
  instanceId: null,
  ownerUserId: "user",
};

it("A text that is closed while the hub has not answered yet is let go, and holds up nothing", async () => {
  const { promise: answered, resolve: answer } = Promise.withResolvers<TextAnswer[]>();
  const published: PublishedText[][] = [];
  const hub: TextsApi = {
    publishText: (pieces) => {
      published.push([...pieces]);
      return answered;
    },
    untilWatched: async () => [],
  };
  const text = openTexts([new TextCourier(() => hub, createLogger("test"))], subject, 1);
  text.add("Tea");
  await vi.waitUntil(() => published.length === 1);
  text.add(" and biscuits");
  await text.finish();
  text.close();
  answer([{ watched: true, have: 3 }]);
  // A turn of the clock comes at all, and nothing more is sent.
  await new Promise((resolve) => setTimeout(resolve, 0));
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(published).toHaveLength(1);
});
